import { View } from '@tarojs/components';
import type { AccountChangeView } from '../../../../src/contracts/index.ts';
import { stepOf } from '../../account-standing.ts';
import { Card, Notice } from '../../components/card.tsx';
import { ListEnd } from '../../components/list-end.tsx';
import { Press } from '../../components/press.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { Step } from '../../components/step.tsx';
import { tellProblem } from '../../problem.ts';
import type { usePages } from '../../use-pages.ts';
import { t } from '../../words.ts';

type ChangesProps = ReturnType<typeof usePages<AccountChangeView>>;

/** What has become of the account, latest first. The page is of use without it, so its trouble is its own. */
export function Changes({ loaded, retry, readOn, readingOn, problem }: ChangesProps) {
  return (
    <Card title={t('changes.title')}>
      {loaded.is === 'loading' ? <Spinner /> : null}
      {loaded.is === 'failed' ? (
        <>
          <Notice tone="mind">{tellProblem(loaded.problem)}</Notice>
          <Press look="quiet" onPress={retry}>
            {t('common.retry')}
          </Press>
        </>
      ) : null}
      {loaded.is === 'ready' ? (
        <>
          {loaded.value.rows.length === 0 ? <View className="account-small">{t('changes.empty')}</View> : null}
          <View>
            {loaded.value.rows.map((change) => (
              <ChangeStep key={change.id} change={change} />
            ))}
          </View>
          <ListEnd count={0} next={loaded.value.next} busy={readingOn} problem={problem} onReadOn={readOn} />
        </>
      ) : null}
    </Card>
  );
}

function ChangeStep({ change }: { change: AccountChangeView }) {
  const { is, title, lines, reason, when, knownAt } = stepOf(change);
  return (
    <Step is={is} title={title}>
      {reason === null ? null : <View className="account-reason">{reason}</View>}
      {lines.map((line) => (
        <View className="account-small" key={line}>
          {line}
        </View>
      ))}
      <View className="account-small">{when}</View>
      {knownAt === null ? null : <View className="account-small">{knownAt}</View>}
    </Step>
  );
}

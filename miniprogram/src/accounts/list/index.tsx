import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import type { CustomerAccountView } from '../../../../src/contracts/index.ts';
import { daysOf, endOf } from '../../account-standing.ts';
import { pages } from '../../addresses.ts';
import { listAccounts } from '../../api.ts';
import { Badge } from '../../components/card.tsx';
import { ListEnd } from '../../components/list-end.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { toneOfVerification } from '../../tones.ts';
import { usePages } from '../../use-pages.ts';
import { useSettings } from '../../use-settings.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import './index.scss';

export default function AccountsPage() {
  const canAuthorise = useSettings()?.canAuthorise ?? false;
  const { loaded, reload, retry, readOn, readingOn, problem } = usePages(listAccounts, '');
  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));
  useReachBottom(readOn);
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {({ rows, next }) => (
          <>
            {rows.length === 0 ? (
              <Nothing says={t('accounts.empty')}>
                <Press onPress={go.toServices}>{t('account.seeServices')}</Press>
              </Nothing>
            ) : null}
            {rows.map((account) => (
              <AccountCard key={account.id} account={account} />
            ))}
            {canAuthorise ? (
              <Press wide look="plain" onPress={() => go.to(pages.authorise)}>
                {t('accounts.authorise')}
              </Press>
            ) : null}
            <ListEnd count={rows.length} next={next} busy={readingOn} problem={problem} onReadOn={readOn} />
          </>
        )}
      </Show>
    </Screen>
  );
}

function AccountCard({ account }: { account: CustomerAccountView }) {
  const { id, name, kindWords, subject, state, stateWords } = account;
  const tone = toneOfVerification(state);
  const [end, days] = [endOf(account), daysOf(account)];
  return (
    <View
      className="card card-tappable"
      hoverClass="card-pressed"
      ariaRole="link"
      onClick={() => go.to(pages.account(id))}
    >
      <View className="accounts-head">
        <View className="accounts-name">{name}</View>
        <Badge tone={tone}>{stateWords}</Badge>
      </View>
      <View className="accounts-small">{subject === null ? kindWords : `${kindWords} · ${subject}`}</View>
      {end === null ? null : (
        <View className="accounts-end">
          <View>{end}</View>
          {days === null ? null : <View className={`accounts-days accounts-${tone}`}>{days}</View>}
        </View>
      )}
    </View>
  );
}

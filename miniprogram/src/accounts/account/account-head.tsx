import { View } from '@tarojs/components';
import type { CustomerAccountView } from '../../../../src/contracts/index.ts';
import { daysOf, endOf, isOnlyApplying } from '../../account-standing.ts';
import { Card, Notice } from '../../components/card.tsx';
import { shanghaiDay, shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfVerification } from '../../tones.ts';
import { t } from '../../words.ts';

/** Which account it is, how it stands, for how long, and what must not be overlooked. */
export function AccountHead({ account }: { account: CustomerAccountView }) {
  const { name, kindWords, subject, state, stateWords, reviewFrom, failure } = account;
  const [end, days] = [endOf(account), daysOf(account)];
  return (
    <>
      <Card>
        <View className="account-name">{name}</View>
        <View className="account-small">{subject === null ? kindWords : `${kindWords} · ${subject}`}</View>
        <View className={`account-standing notice-${toneOfVerification(state)}`}>
          <View className="account-state">
            <View>{stateWords}</View>
            {days === null ? null : <View className="account-days">{days}</View>}
          </View>
          {end === null ? null : <View className="account-end">{end}</View>}
          {state === 'verified' && reviewFrom !== null ? (
            <View className="account-end">{t('account.reviewFrom', { day: shanghaiDay(reviewFrom) })}</View>
          ) : null}
          {isOnlyApplying(account) ? <View className="account-end">{t('account.stillValid')}</View> : null}
        </View>
      </Card>
      {failure === null ? null : <Failure failure={failure} />}
    </>
  );
}

function Failure({ failure: { part, reason, at } }: { failure: NonNullable<CustomerAccountView['failure']> }) {
  return (
    <Notice tone="bad">
      <View className="account-failed">
        {t(part === 'naming' ? 'account.failed.naming' : 'account.failed.qualification')}
      </View>
      <View>{reason === null ? t('account.failedUnsaid') : t('account.failedWhy', { reason })}</View>
      <View>{t('account.failedAt', { time: shanghaiMinute(at) })}</View>
    </Notice>
  );
}

import { View } from '@tarojs/components';
import type { InvoiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { Badge, Card, Fact, Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { toneOfInvoice } from '../../tones.ts';
import { t } from '../../words.ts';

const redFenOf = ({ redLetters }: InvoiceView): number => redLetters.reduce((sum, { amountFen }) => sum + amountFen, 0);

/** What it is, where it stands, and what must not be overlooked. */
export function InvoiceHead({ invoice }: { invoice: InvoiceView }) {
  const { state, stateWords, kindWords, amountFen, number, code, issuedDay, createdAt, note } = invoice;
  const redFen = redFenOf(invoice);
  return (
    <>
      <Card>
        <View className="invoice-head">
          <View className="invoice-amount">{yuan(amountFen)}</View>
          <Badge tone={toneOfInvoice(state)}>{stateWords}</Badge>
        </View>
        {redFen > 0 ? <Fact label={t('invoice.redFen')}>{yuan(-redFen)}</Fact> : null}
        {redFen > 0 ? (
          <Fact label={t('invoice.leftFen')} strong>
            {yuan(amountFen - redFen)}
          </Fact>
        ) : null}
        <Fact label={t('invoice.kind')}>{kindWords}</Fact>
        {number === null ? null : <Fact label={t('invoice.number')}>{number}</Fact>}
        {code === null ? null : <Fact label={t('invoice.code')}>{code}</Fact>}
        {issuedDay === null ? null : <Fact label={t('invoice.issuedDay')}>{issuedDay}</Fact>}
        <Fact label={t('invoice.askedAt')}>{shanghaiMinute(createdAt)}</Fact>
        {note === null ? null : <Fact label={t('invoice.note')}>{note}</Fact>}
      </Card>
      <Standing invoice={invoice} />
    </>
  );
}

function Standing({ invoice }: { invoice: InvoiceView }) {
  const { state, refusedReason, changedWhy, hasFile, orders } = invoice;
  const redFen = redFenOf(invoice);
  return (
    <>
      {refusedReason === null ? null : (
        <>
          <Notice tone="bad">{t('invoice.refusedWhy', { reason: refusedReason })}</Notice>
          <View className="invoice-deed">
            <Press wide look="plain" onPress={() => go.onTo(pages.askInvoice(orders[0]?.number ?? ''))}>
              {t('invoice.askAgain')}
            </Press>
          </View>
        </>
      )}
      {changedWhy === null ? null : <Notice tone="mind">{changedWhy}</Notice>}
      {state === 'asked' ? <Notice tone="calm">{t('invoice.askedSays')}</Notice> : null}
      {state === 'red_lettered' ? <Notice tone="bad">{t('invoice.redLetteredSays')}</Notice> : null}
      {state === 'issued' && redFen > 0 ? (
        <Notice tone="mind">{t('invoice.partlyRedSays', { amount: yuan(redFen) })}</Notice>
      ) : null}
      {state === 'issued' && !hasFile ? <Notice tone="calm">{t('invoice.withoutFile')}</Notice> : null}
    </>
  );
}

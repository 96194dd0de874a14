import { useState } from 'react';
import type { OwnRefundQuoteView, OwnRefundView } from '../../../../src/contracts/index.ts';
import { askRefund } from '../../api.ts';
import { Card, Fact, Notice, Paragraphs } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { TextField } from '../../components/field.tsx';
import { OrderBar } from '../../components/order-bar.tsx';
import { Screen } from '../../components/screen.tsx';
import { isSure, toast } from '../../go.ts';
import { yuan } from '../../money.ts';
import { tellProblem } from '../../problem.ts';
import { NoAnswer } from '../../refusal.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

const reasons = ['unneeded', 'mistaken', 'slow', 'other'] as const;
type Reason = (typeof reasons)[number];
/** The customer reads it again at WeChat, which has room for so much. */
const LONGEST_REASON = 20;

interface AskFormProps {
  number: string;
  quote: OwnRefundQuoteView;
  onAsked(refund: OwnRefundView): void;
  onRefused(): Promise<void>;
}

export function AskForm({ number, quote, onAsked, onRefused }: AskFormProps) {
  const [chosen, setChosen] = useState<Reason | null>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const [told, setTold] = useState<string | null>(null);
  const [busy, run] = useBusy();
  const { amountFen } = quote;

  function submit() {
    setTold(null);
    if (chosen === null) return toast(t('refund.chooseReason'));
    const reason = chosen === 'other' ? typed.trim() : t(`refund.reason.${chosen}`);
    if (reason === '') return setFault(t('refund.reasonMissing'));
    run(async () => {
      if (!(await isSure(t('refund.askSure', { amount: yuan(amountFen) }), t('refund.askYes'), t('common.cancel'))))
        return;
      try {
        onAsked(await askRefund(number, { amountFen, reason }));
      } catch (problem) {
        setTold(problem instanceof NoAnswer ? t('refund.lostAnswer') : tellProblem(problem));
        await onRefused();
      }
    });
  }

  const bar = (
    <>
      {told ? <Notice tone="mind">{told}</Notice> : null}
      <OrderBar label={t('refund.canGet')} amountFen={amountFen} busy={busy} onPress={submit}>
        {t('refund.ask')}
      </OrderBar>
    </>
  );

  return (
    <Screen footer={bar}>
      <QuoteCard quote={quote} />
      <Card title={t('refund.why')}>
        <Choice
          label={t('refund.why')}
          layout="stack"
          chosen={chosen}
          onChoose={(next) => {
            setChosen(next);
            setFault(undefined);
          }}
          options={reasons.map((value) => ({ value, shown: t(`refund.reason.${value}`) }))}
        />
        {chosen === 'other' ? (
          <TextField
            label={t('refund.reasonTyped')}
            hint={t('refund.reasonHint', { most: LONGEST_REASON })}
            value={typed}
            fault={fault}
            most={LONGEST_REASON}
            onType={(value) => {
              setTyped(value);
              setFault(undefined);
            }}
          />
        ) : null}
      </Card>
      <Card title={t('service.refundRule')}>
        <Paragraphs lines={quote.sentences} />
      </Card>
    </Screen>
  );
}

/** What comes back now, and why that much. */
function QuoteCard({
  quote: { paidFen, refundedFen, amountFen, percent, milestoneName },
}: {
  quote: OwnRefundQuoteView;
}) {
  return (
    <Card title={t('refund.now')} hint={t('refund.nowHint')}>
      <Fact label={t('order.paid')}>{yuan(paidFen)}</Fact>
      {refundedFen > 0 ? <Fact label={t('refund.before')}>{yuan(refundedFen)}</Fact> : null}
      <Fact label={t('refund.milestone')}>{milestoneName}</Fact>
      <Fact label={t('refund.share')}>{t('refund.percent', { percent })}</Fact>
      <Fact label={t('refund.canGet')} strong>
        {yuan(amountFen)}
      </Fact>
    </Card>
  );
}

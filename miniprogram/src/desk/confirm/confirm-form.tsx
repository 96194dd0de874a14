import { useState } from 'react';
import type { FieldFault, OrderView, PackageView, ServiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { placeOrder } from '../../api.ts';
import { Card, Fact, Paragraphs } from '../../components/card.tsx';
import { LongTextField } from '../../components/field.tsx';
import { OrderBar } from '../../components/order-bar.tsx';
import { PriceLines } from '../../components/price-lines.tsx';
import { Screen } from '../../components/screen.tsx';
import { dropDraft } from '../../draft.ts';
import type { Draft } from '../../draft.ts';
import { go, toast } from '../../go.ts';
import { emptyForm, faultOf, faultsOfForm, wishOf } from '../../order-form.ts';
import type { OrderForm } from '../../order-form.ts';
import { sendOnce } from '../../pending-wish.ts';
import { shelf } from '../../platform/shelf.ts';
import { Refusal } from '../../refusal.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';
import { BuyerFields } from './buyer-fields.tsx';
import { OrderTrouble } from './order-trouble.tsx';
import { PlanChoice } from './plan-choice.tsx';

interface ConfirmFormProps {
  service: ServiceView;
  draft: Draft;
  bought: PackageView;
}

export function ConfirmForm({ service, draft, bought }: ConfirmFormProps) {
  const [form, setForm] = useState(() => emptyForm(bought.plans[0]?.code ?? ''));
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, run] = useBusy();
  const plan = bought.plans.find(({ code }) => code === form.planCode);

  /** What is being mended is not called wrong any more. */
  function fill(filled: Partial<OrderForm>) {
    setForm((before) => ({ ...before, ...filled }));
    setFaults((before) => before.filter(({ field }) => !(field.replace('buyer.', '') in filled)));
  }

  function order(): Promise<OrderView> {
    const wish = wishOf(form, draft, service);
    return sendOnce(shelf, 'order', wish, (key) => placeOrder(wish, key));
  }

  function submit() {
    const seen = faultsOfForm(form, bought.needsProvince);
    setFaults(seen);
    setProblem(null);
    if (seen.length > 0) return toast(t('confirm.checkFields'));
    run(async () => {
      try {
        const placed = await order();
        dropDraft(shelf);
        go.onTo(placed.canPay ? pages.pay(placed.number) : pages.order(placed.number));
      } catch (refused) {
        if (refused instanceof Refusal) setFaults(refused.fields);
        setProblem(refused);
      }
    });
  }

  const first = plan?.instalments[0];
  const isPart = plan !== undefined && plan.instalments.length > 1 && first !== undefined;
  const bar = (
    <>
      <OrderTrouble problem={problem} serviceCode={service.code} onSignedIn={submit} />
      <OrderBar
        label={isPart ? t('confirm.firstDue') : t('confirm.total')}
        amountFen={isPart ? first.amountFen : bought.totalFen}
        busy={busy}
        onPress={submit}
      >
        {t('confirm.submit')}
      </OrderBar>
    </>
  );

  return (
    <Screen footer={bar}>
      <Card title={service.name}>
        <Fact label={t('confirm.package')}>{bought.name}</Fact>
        <Paragraphs lines={[bought.summary]} />
      </Card>
      <BuyerFields form={form} faults={faults} needsProvince={bought.needsProvince} onFill={fill} />
      <PlanChoice plans={bought.plans} chosen={form.planCode} onChoose={(planCode) => fill({ planCode })} />
      <Card title={t('confirm.lines')}>
        <PriceLines {...bought} />
      </Card>
      <Card>
        <LongTextField
          label={t('confirm.note')}
          hint={t('confirm.noteHint')}
          value={form.note}
          fault={faultOf(faults, 'note')}
          onType={(note) => fill({ note })}
        />
      </Card>
    </Screen>
  );
}

import { type ReactNode, useState } from 'react';
import type {
  AskInvoiceBody,
  InvoiceKind,
  InvoiceTitleView,
  InvoiceView,
  OrderInvoicingView,
} from '../../../../src/contracts/index.ts';
import { askInvoice } from '../../api.ts';
import { Card, Notice } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { LongTextField } from '../../components/field.tsx';
import { OrderBar } from '../../components/order-bar.tsx';
import { Screen } from '../../components/screen.tsx';
import { toast } from '../../go.ts';
import { isFitForSpecial } from '../../invoice-title-form.ts';
import { sendOnce } from '../../pending-wish.ts';
import { shelf } from '../../platform/shelf.ts';
import { tellProblem } from '../../problem.ts';
import { NoAnswer } from '../../refusal.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';
import { OrderPicks } from './order-picks.tsx';
import { TitleChoice } from './title-choice.tsx';

const MOST_ORDERS = 20;

interface AskFormProps {
  orders: OrderInvoicingView[];
  titles: InvoiceTitleView[];
  /** The order that is chosen from the beginning, or ''. */
  wanted: string;
  /** Below the orders. */
  end: ReactNode;
  onAsked(invoice: InvoiceView): void;
  onRefused(): Promise<void>;
}

export function AskForm({ orders, titles, wanted, end, onAsked, onRefused }: AskFormProps) {
  const [picked, setPicked] = useState<string[]>(wanted === '' ? [] : [wanted]);
  const [kind, setKind] = useState<InvoiceKind>('ordinary');
  const [titleId, setTitleId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const [busy, run] = useBusy();

  const chosen = orders.filter(({ orderNumber }) => picked.includes(orderNumber));
  const title = titles.find(({ id }) => id === titleId) ?? titles[0];

  function toggle(number: string) {
    if (picked.includes(number)) return setPicked(picked.filter((other) => other !== number));
    if (picked.length >= MOST_ORDERS) return toast(t('askInvoice.tooMany', { most: MOST_ORDERS }));
    setPicked([...picked, number]);
  }

  function submit() {
    setTold(null);
    if (chosen.length === 0) return toast(t('askInvoice.chooseOrders'));
    if (!title) return toast(t('askInvoice.noTitles'));
    if (kind === 'special' && !isFitForSpecial(title))
      return toast(t(title.kind === 'company' ? 'askInvoice.specialLacks' : 'askInvoice.specialForCompanies'));
    const wish: AskInvoiceBody = {
      titleId: title.id,
      kind,
      orderNumbers: chosen.map(({ orderNumber }) => orderNumber),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    };
    run(async () => {
      try {
        onAsked(await sendOnce(shelf, 'invoice', wish, (key) => askInvoice(wish, key)));
      } catch (problem) {
        setTold(problem instanceof NoAnswer ? t('askInvoice.lostAnswer') : tellProblem(problem));
        if (!(problem instanceof NoAnswer)) await onRefused();
      }
    });
  }

  const bar = (
    <>
      {told ? <Notice tone="mind">{told}</Notice> : null}
      <OrderBar
        label={chosen.length > 1 ? t('askInvoice.chosen', { count: chosen.length }) : t('askInvoice.total')}
        amountFen={chosen.reduce((sum, { invoiceableFen }) => sum + invoiceableFen, 0)}
        busy={busy}
        onPress={submit}
      >
        {t('askInvoice.submit')}
      </OrderBar>
    </>
  );

  return (
    <Screen footer={bar}>
      <Card
        title={t('askInvoice.kind')}
        hint={t(kind === 'special' ? 'askInvoice.specialWhy' : 'askInvoice.ordinaryWhy')}
      >
        <Choice<InvoiceKind>
          label={t('askInvoice.kind')}
          chosen={kind}
          onChoose={setKind}
          options={[
            { value: 'ordinary', shown: t('askInvoice.kind.ordinary') },
            { value: 'special', shown: t('askInvoice.kind.special') },
          ]}
        />
      </Card>
      <TitleChoice titles={titles} chosen={title} kind={kind} onChoose={setTitleId} />
      <OrderPicks orders={orders} picked={picked} onToggle={toggle} end={end} />
      <Card>
        <LongTextField label={t('invoice.note')} hint={t('askInvoice.noteHint')} value={note} onType={setNote} />
      </Card>
    </Screen>
  );
}

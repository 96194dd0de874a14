import { useEffect, useRef, useState } from 'react';
import type { FrontSettings, OrderView, PaymentView, StartedPaymentView } from '../../../../src/contracts/index.ts';
import { lookAtPayment, startPayment } from '../../api.ts';
import { afterPaying, untilDecided, whileShown } from '../../confirm-payment.ts';
import { addressOfThisPage, leaveFor } from '../../platform/here';
import { payer } from '../../platform/payer';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

/** Where a payment stands for the person who looks at the page. Only the server makes it `paid`. */
export type Stage =
  | { is: 'ready'; told: string | null }
  | { is: 'confirming' }
  | { is: 'undecided'; number: string }
  | { is: 'paid'; amountFen: number };

const ready = (told: string | null = null): Stage => ({ is: 'ready', told });
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function usePayment(order: OrderView, settings: FrontSettings | null, reloadOrder: () => Promise<void>) {
  const [stage, setStage] = useState<Stage>(ready());
  const [qr, setQr] = useState<StartedPaymentView | null>(null);
  const [busy, run] = useBusy();
  const hasAsked = useRef(false);
  const left = useRef(false);
  const watched = useRef<string | null>(null);
  useEffect(() => () => void (left.current = true), []);

  function settle(payment: PaymentView) {
    watched.current = null;
    setQr(null);
    setStage(payment.state === 'paid' ? { is: 'paid', amountFen: payment.amountFen } : ready(t('pay.closed')));
    void reloadOrder();
  }

  async function confirm(number: string) {
    setStage({ is: 'confirming' });
    const asking = { look: () => lookAtPayment(number), wait, isOver: () => left.current };
    const decided = await untilDecided(asking, afterPaying);
    if (left.current) return;
    if (decided) settle(decided);
    else setStage({ is: 'undecided', number });
  }

  /** One look, for when it is likely that nothing happened: a phone's “failed” is a hint too. */
  async function lookOnce(number: string, otherwise: string | null) {
    const payment = await lookAtPayment(number).catch(() => null);
    if (payment?.state === 'paid') settle(payment);
    else setStage((now) => (now.is === 'ready' ? ready(otherwise) : now));
  }

  async function payHere(started: StartedPaymentView) {
    if (started.h5Url !== null) {
      setStage({ is: 'undecided', number: started.number });
      // Nothing but redirect_url may be added to this address (WeChat Pay documentation, H5).
      return leaveFor(`${started.h5Url}&redirect_url=${encodeURIComponent(addressOfThisPage())}`);
    }
    if (started.payParameters === null) return setStage(ready(t('pay.failed')));
    const hint = await payer.pay(started.payParameters);
    if (hint === 'ok') await confirm(started.number);
    else if (hint === 'cancelled') setStage(ready(t('pay.cancelled')));
    else await lookOnce(started.number, t('pay.failed'));
  }

  async function telling(deed: () => Promise<void>) {
    try {
      await deed();
    } catch (problem) {
      setStage(ready(tellProblem(problem)));
      await reloadOrder();
    }
  }

  const pay = () => {
    if (busy) return;
    // WeChat takes its question only in the tap itself, so nothing may be awaited before; one visit, one question.
    const answered = hasAsked.current ? Promise.resolve() : payer.beforePaying(settings);
    hasAsked.current = true;
    run(() =>
      telling(async () => {
        await answered;
        setStage(ready());
        await payHere(await startPayment(order.number, await payer.way()));
      }),
    );
  };

  const showQr = () =>
    run(() =>
      telling(async () => {
        const started = await startPayment(order.number, 'native');
        setQr(started);
        setStage(ready());
        void watch(started.number);
      }),
    );

  async function watch(number: string) {
    watched.current = number;
    const isOver = () => left.current || watched.current !== number;
    const decided = await untilDecided({ look: () => lookAtPayment(number), wait, isOver }, whileShown);
    if (decided && !isOver()) settle(decided);
  }

  function hideQr() {
    watched.current = null;
    setQr(null);
  }

  return {
    stage,
    qr,
    busy,
    pay,
    showQr,
    hideQr,
    lookOnce,
    askAgain: (number: string) => run(() => confirm(number)),
    startOver: () => setStage(ready()),
  };
}

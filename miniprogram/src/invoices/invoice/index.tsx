import { stopPullDownRefresh, usePullDownRefresh, useRouter } from '@tarojs/taro';
import type { InvoiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getInvoice, withdrawInvoice } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { go, isSure, toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { InvoiceFacts } from './invoice-facts.tsx';
import { InvoiceFile } from './invoice-file.tsx';
import { InvoiceHead } from './invoice-head.tsx';
import './index.scss';

export default function InvoicePage() {
  const { id = '' } = useRouter<{ id?: string }>().params;
  const { loaded, reload, retry, show } = useLoaded(() => getInvoice(id), id);
  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {(invoice) => (
          <>
            <InvoiceHead invoice={invoice} />
            {invoice.hasFile ? <InvoiceFile id={id} /> : null}
            <InvoiceFacts invoice={invoice} />
            <Press wide look="quiet" onPress={() => go.backTo(pages.invoices)}>
              {t('invoice.all')}
            </Press>
            {invoice.canWithdraw ? <Withdraw id={id} onWithdrawn={show} onRefused={reload} /> : null}
          </>
        )}
      </Show>
    </Screen>
  );
}

interface WithdrawProps {
  id: string;
  onWithdrawn(invoice: InvoiceView): void;
  onRefused(): Promise<void>;
}

function Withdraw({ id, onWithdrawn, onRefused }: WithdrawProps) {
  const [busy, run] = useBusy();
  const withdraw = () =>
    run(async () => {
      if (!(await isSure(t('invoice.withdrawSure'), t('invoice.withdrawYes'), t('common.cancel')))) return;
      try {
        onWithdrawn(await withdrawInvoice(id));
        toast(t('invoice.withdrawn'));
      } catch (problem) {
        toast(tellProblem(problem));
        await onRefused();
      }
    });
  return (
    <Press wide look="danger" busy={busy} onPress={withdraw}>
      {t('invoice.withdraw')}
    </Press>
  );
}

import { View } from '@tarojs/components';
import { useState } from 'react';
import { linkToFile } from '../../api.ts';
import { Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { copy } from '../../go.ts';
import { openPaper } from '../../platform/paper';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

/** What to say when the file may not have opened, and the address with which it opens elsewhere. */
interface Told {
  tone: 'calm' | 'mind';
  says: string;
  address: string | null;
}

/** The PDF by a link that is good for a short time: each tap asks for a new one. */
export function InvoiceFile({ id }: { id: string }) {
  const [told, setTold] = useState<Told | null>(null);
  const [busy, run] = useBusy();

  async function open(address: string): Promise<void> {
    try {
      const how = await openPaper(address);
      setTold(how === 'left' ? { tone: 'calm', says: t('invoice.notOpened'), address } : null);
    } catch {
      setTold({ tone: 'mind', says: t('invoice.cannotOpen'), address });
    }
  }

  const download = () =>
    run(async () => {
      try {
        const { url } = await linkToFile(id);
        await open(url);
      } catch (problem) {
        setTold({ tone: 'mind', says: tellProblem(problem), address: null });
      }
    });

  const address = told?.address ?? null;
  return (
    <View className="invoice-deed">
      <Press wide busy={busy} onPress={download}>
        {t('invoice.download')}
      </Press>
      {told ? (
        <View className="invoice-told">
          <Notice tone={told.tone}>{told.says}</Notice>
        </View>
      ) : null}
      {address === null ? null : (
        <Press wide look="quiet" onPress={() => copy(address)}>
          {t('invoice.copyLink')}
        </Press>
      )}
    </View>
  );
}

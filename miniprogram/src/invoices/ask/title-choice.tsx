import { View } from '@tarojs/components';
import { useEffect, useRef } from 'react';
import type { InvoiceKind, InvoiceTitleView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { Card, Notice } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { Press } from '../../components/press.tsx';
import { TitleLines } from '../../components/title-lines.tsx';
import { go } from '../../go.ts';
import { isFitForSpecial } from '../../invoice-title-form.ts';
import { t } from '../../words.ts';

interface TitleChoiceProps {
  titles: InvoiceTitleView[];
  chosen: InvoiceTitleView | undefined;
  kind: InvoiceKind;
  onChoose(id: string): void;
}

export function TitleChoice({ titles, chosen, kind, onChoose }: TitleChoiceProps) {
  useNewest(titles, onChoose);
  return (
    <Card title={t('askInvoice.who')} {...(titles.length === 0 ? { hint: t('askInvoice.noTitles') } : {})}>
      <Choice
        label={t('askInvoice.who')}
        layout="stack"
        chosen={chosen?.id ?? null}
        onChoose={onChoose}
        options={titles.map((title) => ({ value: title.id, shown: <TitleLines title={title} /> }))}
      />
      {chosen && kind === 'special' ? <Unfit title={chosen} /> : null}
      <Press wide look="quiet" onPress={() => go.to(pages.title('', kind === 'special'))}>
        {t('titles.add')}
      </Press>
    </Card>
  );
}

/** Why special VAT cannot bear this title, and what to do about it. */
function Unfit({ title }: { title: InvoiceTitleView }) {
  if (isFitForSpecial(title)) return null;
  if (title.kind === 'personal')
    return (
      <View className="ask-invoice-unfit">
        <Notice tone="mind">{t('askInvoice.specialForCompanies')}</Notice>
      </View>
    );
  return (
    <View className="ask-invoice-unfit">
      <Notice tone="mind">{t('askInvoice.specialLacks')}</Notice>
      <Press wide look="plain" onPress={() => go.to(pages.title(title.id, true))}>
        {t('askInvoice.complete')}
      </Press>
    </View>
  );
}

/** Whoever adds a title on the way wants that one. */
function useNewest(titles: InvoiceTitleView[], onAdded: (id: string) => void): void {
  const known = useRef(titles.map(({ id }) => id));
  useEffect(() => {
    const added = titles.find(({ id }) => !known.current.includes(id));
    known.current = titles.map(({ id }) => id);
    if (added) onAdded(added.id);
  }, [titles]);
}

import { View } from '@tarojs/components';
import type { InvoiceTitleView } from '../../../src/contracts/index.ts';
import { t } from '../words.ts';
import { Badge } from './card.tsx';
import './title-lines.scss';

/** Whom an invoice is made out to, as one tells titles apart. */
export function TitleLines({ title: { kind, name, taxNumber, isDefault } }: { title: InvoiceTitleView }) {
  return (
    <View>
      <View className="title-head">
        <View className="title-name">{name}</View>
        {isDefault ? <Badge tone="calm">{t('titles.default')}</Badge> : null}
      </View>
      <View className="title-small">{kind === 'personal' ? t('title.kind.personal') : taxNumber}</View>
    </View>
  );
}

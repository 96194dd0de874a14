import { Image, View } from '@tarojs/components';
import type { StartedPaymentView } from '../../../../src/contracts/index.ts';
import { Card } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { pictureOf } from '../../svg.ts';
import { t } from '../../words.ts';

interface OtherScreenProps {
  qr: StartedPaymentView | null;
  disabled: boolean;
  onShow(): void;
  onHide(): void;
}

/** Somebody else pays, or the same person with another phone. */
export function OtherScreen({ qr, disabled, onShow, onHide }: OtherScreenProps) {
  const picture = qr?.qrSvg ?? null;
  if (picture === null)
    return (
      <Press wide look="quiet" disabled={disabled} onPress={onShow}>
        {t('pay.otherScreen')}
      </Press>
    );
  return (
    <View className="pay-other">
      <Card title={t('pay.otherScreen')} hint={t('pay.otherScreenWhy')}>
        <View className="pay-qr">
          <Image className="state-qr" src={pictureOf(picture)} ariaLabel={t('pay.qrLabel')} />
        </View>
        <Press wide look="quiet" onPress={onHide}>
          {t('pay.hideQr')}
        </Press>
      </Card>
    </View>
  );
}

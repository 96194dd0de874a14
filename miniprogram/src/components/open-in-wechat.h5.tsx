import { Image, View } from '@tarojs/components';
import { renderSVG } from 'uqr';
import { addressOfThisPage } from '../platform/here';
import { copy } from '../go.ts';
import { pictureOf } from '../svg.ts';
import { t } from '../words.ts';
import { Press } from './press.tsx';
import './states.scss';

/** An ordinary browser cannot sign in: the way into WeChat is shown instead. */
export function OpenInWeChat() {
  const address = addressOfThisPage();
  return (
    <View className="state">
      <View className="state-title">{t('signIn.openInWeChat')}</View>
      <Image className="state-qr" src={pictureOf(renderSVG(address, { border: 2 }))} ariaLabel={t('signIn.qrLabel')} />
      <View className="state-says">{t('signIn.scan')}</View>
      <View className="state-address">{address}</View>
      <Press look="plain" onPress={() => copy(address)}>
        {t('signIn.copyAddress')}
      </Press>
    </View>
  );
}

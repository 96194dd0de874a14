import { View } from '@tarojs/components';
import { t } from '../../words.ts';

/** Only the mini-program can ask WeChat for the number. */
export function GivePhone({ hasPhone }: { hasPhone: boolean; onGiven(): Promise<void> }) {
  return hasPhone ? null : <View className="me-small">{t('me.phoneInMiniProgram')}</View>;
}

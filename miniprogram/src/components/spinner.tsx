import { View } from '@tarojs/components';
import { t } from '../words.ts';
import './spinner.scss';

/** NutUI's own is an HTML element, which a mini-program cannot draw. */
export const Spinner = () => <View className="spinner" ariaLabel={t('common.loading')} />;

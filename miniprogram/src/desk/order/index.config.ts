import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('order.title'), enablePullDownRefresh: true });

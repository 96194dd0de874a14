import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('invoice.title'), enablePullDownRefresh: true });

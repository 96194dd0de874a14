import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('invoices.title'), enablePullDownRefresh: true });

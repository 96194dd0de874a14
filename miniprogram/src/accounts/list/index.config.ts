import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('accounts.title'), enablePullDownRefresh: true });

import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('account.title'), enablePullDownRefresh: true });

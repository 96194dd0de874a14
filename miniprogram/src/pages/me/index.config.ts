import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('tab.me'), enablePullDownRefresh: true });

import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('titles.title'), enablePullDownRefresh: true });

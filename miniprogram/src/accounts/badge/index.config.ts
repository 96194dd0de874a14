import { t } from '../../words.ts';

export default definePageConfig({
  navigationBarTitleText: t('badge.title'),
  enablePullDownRefresh: true,
  enableShareAppMessage: true,
});

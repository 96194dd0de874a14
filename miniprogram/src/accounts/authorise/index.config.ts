import { t } from '../../words.ts';

export default definePageConfig({ navigationBarTitleText: t('authorise.title') });

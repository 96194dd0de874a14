import { Press } from '../../components/press.tsx';
import { signIn } from '../../platform/sign-in';
import { t } from '../../words.ts';

/** WeChat tells the name only after the person agreed on its own page. */
export const GiveName = () => (
  <Press look="quiet" onPress={() => void signIn.ask('userinfo')}>
    {t('me.useNickname')}
  </Press>
);

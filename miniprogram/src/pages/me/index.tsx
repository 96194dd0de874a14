import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro';
import type { CustomerView, DeviceView, FrontSettings } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { endSession, getMe, getSettings, listDevices } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { go, isSure, toast } from '../../go.ts';
import { signIn } from '../../platform/sign-in';
import { needsSignIn, tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { Devices } from './devices.tsx';
import { Follow } from './follow.tsx';
import { Profile } from './profile.tsx';
import './index.scss';

interface Myself {
  me: CustomerView;
  devices: DeviceView[];
  settings: FrontSettings | null;
}

async function loadMyself(): Promise<Myself> {
  const [me, devices, settings] = await Promise.all([getMe(), listDevices(), getSettings().catch(() => null)]);
  return { me, devices, settings };
}

export default function MePage() {
  const { loaded, reload, retry } = useLoaded(loadMyself, '');

  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));

  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {({ me, devices, settings }) => (
          <>
            <Profile me={me} onChanged={reload} />
            {settings ? <Follow name={settings.officialAccountName} follows={me.follows} /> : null}
            <Entry title={t('accounts.title')} says={t('accounts.entry')} to={pages.accounts} />
            <Entry title={t('invoices.title')} says={t('invoices.entry')} to={pages.invoices} />
            <Devices devices={devices} onChanged={reload} />
            <SignOut onSignedOut={retry} />
            {settings ? <View className="me-agency">{t('me.agency', { name: settings.agencyName })}</View> : null}
          </>
        )}
      </Show>
    </Screen>
  );
}

function Entry({ title, says, to }: { title: string; says: string; to: string }) {
  return (
    <View className="card card-tappable" hoverClass="card-pressed" ariaRole="link" onClick={() => go.to(to)}>
      <View className="me-entry">{title}</View>
      <View className="me-small">{says}</View>
    </View>
  );
}

function SignOut({ onSignedOut }: { onSignedOut(): void }) {
  const [busy, run] = useBusy();
  const signOut = () =>
    run(async () => {
      if (!(await isSure(t('me.signOutAsk'), t('me.signOutYes'), t('common.cancel')))) return;
      try {
        await endSession();
      } catch (problem) {
        // A session that is over already is what was wanted.
        if (!needsSignIn(problem)) return toast(tellProblem(problem));
      }
      signIn.forget();
      toast(t('me.signedOut'));
      onSignedOut();
    });
  return (
    <Press wide look="danger" busy={busy} onPress={signOut}>
      {t('me.signOut')}
    </Press>
  );
}

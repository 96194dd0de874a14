import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh, useRouter } from '@tarojs/taro';
import type { CustomerAccountView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getAccount, getSettings, listChanges } from '../../api.ts';
import { Card, Paragraphs } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { copy, go } from '../../go.ts';
import { useLoaded } from '../../use-loaded.ts';
import { usePages } from '../../use-pages.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { AccountHead } from './account-head.tsx';
import { BadgeSwitch } from './badge-switch.tsx';
import { Changes } from './changes.tsx';
import './index.scss';

interface WholeAccount {
  account: CustomerAccountView;
  /** Null when it did not come: the page does without. */
  agency: string | null;
}

async function loadAccount(id: string): Promise<WholeAccount> {
  const [account, settings] = await Promise.all([getAccount(id), getSettings().catch(() => null)]);
  return { account, agency: settings?.officialAccountName ?? null };
}

export default function AccountPage() {
  const { id = '' } = useRouter<{ id?: string }>().params;
  const { loaded, reload, retry, show } = useLoaded(() => loadAccount(id), id);
  const changes = usePages((after) => listChanges(id, after), id);
  const reloadAll = () => Promise.all([reload(), changes.reload()]);
  useShownAgain(() => void reloadAll());
  usePullDownRefresh(() => void reloadAll().finally(stopPullDownRefresh));

  const retryAll = () => {
    retry();
    changes.retry();
  };
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retryAll}>
        {({ account, agency }) => (
          <>
            <AccountHead account={account} />
            <Next account={account} />
            {account.effects.length > 0 ? (
              <Card title={t(account.rights === 'granted' ? 'account.gives' : 'account.takes')}>
                <Paragraphs lines={account.effects} />
              </Card>
            ) : null}
            <BadgeSwitch
              account={account}
              onSwitched={(badge) => show({ account: { ...account, badge }, agency })}
              onRefused={reload}
            />
            <Changes {...changes} />
            {agency === null ? null : <Contact name={agency} />}
            <Press wide look="quiet" onPress={() => go.backTo(pages.accounts)}>
              {t('account.all')}
            </Press>
          </>
        )}
      </Show>
    </Screen>
  );
}

/** What is to be done, and who does it. */
function Next({ account: { state, advice, offer, authoriseAt } }: { account: CustomerAccountView }) {
  const says =
    state === 'unknown' ? [t('account.unknownSays'), t('account.unknownDo')] : advice === null ? [] : [advice];
  if (says.length === 0) return null;
  return (
    <Card title={t('account.next')}>
      <Paragraphs lines={says} />
      <View className="account-deeds">
        {offer === null ? null : <Offer serviceCode={offer.serviceCode} />}
        {authoriseAt === null ? null : (
          <Press wide look={offer === null ? 'main' : 'plain'} onPress={() => go.to(authoriseAt)}>
            {t('account.authorise')}
          </Press>
        )}
      </View>
    </Card>
  );
}

function Offer({ serviceCode }: { serviceCode: string | null }) {
  if (serviceCode === null)
    return (
      <Press wide look="plain" onPress={go.toServices}>
        {t('account.seeServices')}
      </Press>
    );
  return (
    <Press wide onPress={() => go.to(pages.service(serviceCode))}>
      {t('account.order')}
    </Press>
  );
}

function Contact({ name }: { name: string }) {
  return (
    <Card title={t('account.contact')} hint={t('account.contactHow', { name })}>
      <Press look="plain" onPress={() => copy(name)}>
        {t('me.copyName')}
      </Press>
    </Card>
  );
}

import { useRouter } from '@tarojs/taro';
import type { PackageView, ServiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getMe, getService } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { findDraft } from '../../draft.ts';
import type { Draft } from '../../draft.ts';
import { go } from '../../go.ts';
import { shelf } from '../../platform/shelf.ts';
import { useLoaded } from '../../use-loaded.ts';
import { t } from '../../words.ts';
import { ConfirmForm } from './confirm-form.tsx';
import './index.scss';

interface Chosen {
  service: ServiceView;
  draft: Draft;
  bought: PackageView;
}

/** Null when nothing was chosen on this phone, or the package is gone. Whoever is not signed in is asked to before filling in anything. */
async function loadChosen(code: string): Promise<Chosen | null> {
  const [service] = await Promise.all([getService(code), getMe()]);
  const draft = findDraft(shelf, code);
  const bought = service.packages.find((offered) => offered.code === draft?.packageCode);
  return draft && bought ? { service, draft, bought } : null;
}

export default function ConfirmPage() {
  const { code = '' } = useRouter<{ code?: string }>().params;
  const { loaded, retry } = useLoaded(() => loadChosen(code), code);
  if (loaded.is === 'ready' && loaded.value) return <ConfirmForm {...loaded.value} />;
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {() => (
          <Nothing says={t('confirm.choosePackageFirst')}>
            <Press onPress={() => go.onTo(pages.service(code))}>{t('confirm.toService')}</Press>
          </Nothing>
        )}
      </Show>
    </Screen>
  );
}

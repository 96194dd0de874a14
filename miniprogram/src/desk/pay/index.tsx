import { useRouter } from '@tarojs/taro';
import type { FrontSettings, OrderView } from '../../../../src/contracts/index.ts';
import { getOrder, getSettings } from '../../api.ts';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { whereAmI } from '../../platform/here';
import type { Place } from '../../platform/place.ts';
import { useLoaded } from '../../use-loaded.ts';
import { Desk } from './desk.tsx';
import './index.scss';

interface Payable {
  order: OrderView;
  /** Null when they did not come: paying works without. */
  settings: FrontSettings | null;
  place: Place;
}

async function loadPayable(number: string): Promise<Payable> {
  const [order, settings, place] = await Promise.all([getOrder(number), getSettings().catch(() => null), whereAmI()]);
  return { order, settings, place };
}

export default function PayPage() {
  const { number = '' } = useRouter<{ number?: string }>().params;
  const { loaded, reload, retry } = useLoaded(() => loadPayable(number), number);
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {(payable) => <Desk {...payable} reload={reload} />}
      </Show>
    </Screen>
  );
}

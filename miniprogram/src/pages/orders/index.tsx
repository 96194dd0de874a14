import { Tabs } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useState } from 'react';
import type { OrderState } from '../../../../src/contracts/index.ts';
import { orderStates } from '../../../../src/contracts/index.ts';
import { listOrders } from '../../api.ts';
import { ListEnd } from '../../components/list-end.tsx';
import { Press } from '../../components/press.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { Screen } from '../../components/screen.tsx';
import { go } from '../../go.ts';
import { usePages } from '../../use-pages.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import { OrderCard } from './order-card.tsx';
import './index.scss';

const ALL = 'all';
type Tab = OrderState | typeof ALL;
const tabs = [ALL, ...(Object.keys(orderStates) as OrderState[])] as const;
const nameOf = (tab: Tab): string => (tab === ALL ? t('orders.all') : orderStates[tab]);

export default function OrdersPage() {
  const [tab, setTab] = useState<Tab>(ALL);
  const state = tab === ALL ? null : tab;
  const { loaded, reload, retry, readOn, readingOn, problem } = usePages((after) => listOrders(state, after), tab);

  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));
  useReachBottom(readOn);

  return (
    <Screen>
      <View className="orders-tabs">
        <Tabs value={tab} onChange={(chosen) => setTab(chosen as Tab)} align="left">
          {tabs.map((name) => (
            <Tabs.TabPane key={name} value={name} title={nameOf(name)} />
          ))}
        </Tabs>
      </View>
      <Show loaded={loaded} onRetry={retry}>
        {({ rows, next }) => (
          <>
            {rows.length === 0 ? <NoOrders tab={tab} /> : null}
            {rows.map((order) => (
              <OrderCard key={order.number} order={order} />
            ))}
            <ListEnd count={rows.length} next={next} busy={readingOn} problem={problem} onReadOn={readOn} />
          </>
        )}
      </Show>
    </Screen>
  );
}

function NoOrders({ tab }: { tab: Tab }) {
  if (tab !== ALL) return <Nothing says={t('orders.emptyState', { state: nameOf(tab) })} />;
  return (
    <Nothing says={t('orders.empty')}>
      <Press look="plain" onPress={go.toServices}>
        {t('orders.toServices')}
      </Press>
    </Nothing>
  );
}

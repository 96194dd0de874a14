import { Tabs } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import { stopPullDownRefresh, useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useRef, useState } from 'react';
import type { OrderState } from '../../../../src/contracts/index.ts';
import { orderStates } from '../../../../src/contracts/index.ts';
import { Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { Screen } from '../../components/screen.tsx';
import { go } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { useOrders } from '../../use-orders.ts';
import { t } from '../../words.ts';
import { OrderCard } from './order-card.tsx';
import './index.scss';

const ALL = 'all';
type Tab = OrderState | typeof ALL;
const tabs = [ALL, ...(Object.keys(orderStates) as OrderState[])] as const;
const nameOf = (tab: Tab): string => (tab === ALL ? t('orders.all') : orderStates[tab]);

export default function OrdersPage() {
  const [tab, setTab] = useState<Tab>(ALL);
  const { loaded, reload, retry, readOn, readingOn, problem } = useOrders(tab === ALL ? null : tab);

  const isFirst = useRef(true);
  useDidShow(() => {
    if (!isFirst.current) void reload();
    isFirst.current = false;
  });
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
        {({ orders, next }) => (
          <>
            {orders.length === 0 ? <NoOrders tab={tab} /> : null}
            {orders.map((order) => (
              <OrderCard key={order.number} order={order} />
            ))}
            {problem === null ? null : <Notice tone="mind">{tellProblem(problem)}</Notice>}
            {next === null ? null : (
              <Press wide look="quiet" busy={readingOn} onPress={readOn}>
                {t('common.loadMore')}
              </Press>
            )}
            {next === null && orders.length > 5 ? <View className="orders-end">{t('common.noMore')}</View> : null}
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

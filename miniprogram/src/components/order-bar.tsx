import { View } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import { yuan } from '../money.ts';
import { Press } from './press.tsx';
import './order-bar.scss';

interface OrderBarProps {
  label: string;
  amountFen: number;
  busy: boolean;
  onPress(): void;
}

/** An amount and the one thing to do about it. */
export function OrderBar({ label, amountFen, busy, onPress, children }: PropsWithChildren<OrderBarProps>) {
  return (
    <View className="order-bar">
      <View className="order-bar-sum">
        <View className="order-bar-label">{label}</View>
        <View className="order-bar-amount">{yuan(amountFen)}</View>
      </View>
      <Press busy={busy} onPress={onPress}>
        {children}
      </Press>
    </View>
  );
}

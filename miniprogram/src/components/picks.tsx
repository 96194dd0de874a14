import { View } from '@tarojs/components';
import type { ReactNode } from 'react';
import './choice.scss';

interface PicksProps {
  /** What is being chosen, for people who cannot see it. */
  label: string;
  options: readonly { value: string; shown: ReactNode }[];
  picked: readonly string[];
  onToggle(value: string): void;
}

/** WeChat knows this attribute, Taro's types do not. */
const stateOf = (isPicked: boolean) => ({ ariaChecked: isPicked });

/** Any number of several, blocks below one another, each with its tick. */
export function Picks({ label, options, picked, onToggle }: PicksProps) {
  return (
    <View className="choice choice-stack" ariaRole="group" ariaLabel={label}>
      {options.map(({ value, shown }) => {
        const isPicked = picked.includes(value);
        return (
          <View
            key={value}
            className={isPicked ? 'choice-option choice-ticked choice-chosen' : 'choice-option choice-ticked'}
            ariaRole="checkbox"
            {...stateOf(isPicked)}
            onClick={() => onToggle(value)}
          >
            <View className="choice-tick" />
            <View className="choice-shown">{shown}</View>
          </View>
        );
      })}
    </View>
  );
}

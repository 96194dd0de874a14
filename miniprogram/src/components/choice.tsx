import { View } from '@tarojs/components';
import type { ReactNode } from 'react';
import './choice.scss';

interface Option<Value extends string> {
  value: Value;
  shown: ReactNode;
}

interface ChoiceProps<Value extends string> {
  /** What is being chosen, for people who cannot see it. */
  label: string;
  options: readonly Option<Value>[];
  chosen: Value | null;
  onChoose(value: Value): void;
  /** row: short words side by side · stack: blocks below one another */
  layout?: 'row' | 'stack';
}

/** WeChat knows this attribute, Taro's types do not. */
const stateOf = (isChosen: boolean) => ({ ariaChecked: isChosen });

/** One of several, all in sight. */
export function Choice<Value extends string>({ label, options, chosen, onChoose, layout = 'row' }: ChoiceProps<Value>) {
  return (
    <View className={`choice choice-${layout}`} ariaRole="radiogroup" ariaLabel={label}>
      {options.map(({ value, shown }) => (
        <View
          key={value}
          className={value === chosen ? 'choice-option choice-chosen' : 'choice-option'}
          ariaRole="radio"
          {...stateOf(value === chosen)}
          onClick={() => onChoose(value)}
        >
          {shown}
        </View>
      ))}
    </View>
  );
}

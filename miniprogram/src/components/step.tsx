import { View } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import type { StepIs } from '../tones.ts';
import './step.scss';

/** One step of a way, with a dot, and a line to the next one below it. */
export function Step({ is, title, children }: PropsWithChildren<{ is: StepIs; title: string }>) {
  return (
    <View className={`step step-${is}`}>
      <View>{title}</View>
      {children}
    </View>
  );
}

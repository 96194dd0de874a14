import { View } from '@tarojs/components';
import type { PropsWithChildren, ReactNode } from 'react';
import type { Tone } from '../tones.ts';
import './card.scss';

/** A white block with an optional heading. */
export function Card({ title, hint, children }: PropsWithChildren<{ title?: string; hint?: string }>) {
  return (
    <View className="card">
      {title ? <View className="card-title">{title}</View> : null}
      {hint ? <View className="card-hint">{hint}</View> : null}
      {children}
    </View>
  );
}

/** A label and what it says; long values wrap under themselves. */
export function Fact({ label, strong = false, children }: PropsWithChildren<{ label: string; strong?: boolean }>) {
  return (
    <View className={strong ? 'fact fact-strong' : 'fact'}>
      <View className="fact-label">{label}</View>
      <View className="fact-value">{children}</View>
    </View>
  );
}

/** A sentence that must not be overlooked. */
export function Notice({ tone, children }: PropsWithChildren<{ tone: Tone }>) {
  return <View className={`notice notice-${tone}`}>{children}</View>;
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <View className={`badge badge-${tone}`}>{children}</View>;
}

export function Paragraphs({ lines }: { lines: string[] }) {
  return (
    <>
      {lines.map((line) => (
        <View className="paragraph" key={line}>
          {line}
        </View>
      ))}
    </>
  );
}

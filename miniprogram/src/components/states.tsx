import { Skeleton } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import type { PropsWithChildren, ReactNode } from 'react';
import { go } from '../go.ts';
import { isGone, needsSignIn, referenceOf, tellProblem } from '../problem.ts';
import type { Loaded } from '../use-loaded.ts';
import { t } from '../words.ts';
import { Card } from './card.tsx';
import { Press } from './press.tsx';
import { SignInNeeded } from './sign-in-needed.tsx';
import './states.scss';

/** Grey blocks where the content will be. */
export function Waiting() {
  return (
    <View className="state-waiting" ariaLabel={t('common.loading')}>
      {['first', 'second', 'third'].map((block) => (
        <Card key={block}>
          <Skeleton rows={4} animated />
        </Card>
      ))}
    </View>
  );
}

/** Nothing here, and what to do about it. */
export function Nothing({ says, children }: { says: string; children?: ReactNode }) {
  return (
    <View className="state">
      <View className="state-says">{says}</View>
      {children}
    </View>
  );
}

/** It is done, and where to go from here. */
export function Done({ title, says, children }: PropsWithChildren<{ title: string; says: string }>) {
  return (
    <View className="state">
      <View className="state-tick" />
      <View className="state-title">{title}</View>
      <View className="state-says">{says}</View>
      {children}
    </View>
  );
}

export function Trouble({ problem, onRetry }: { problem: unknown; onRetry(): void }) {
  if (needsSignIn(problem)) return <SignInNeeded onSignedIn={onRetry} />;
  const reference = referenceOf(problem);
  return (
    <View className="state">
      <View className="state-says">{tellProblem(problem)}</View>
      {reference ? <View className="state-small">{t('common.requestId', { id: reference })}</View> : null}
      <Press look="plain" onPress={isGone(problem) ? go.toServices : onRetry}>
        {t(isGone(problem) ? 'pay.toServices' : 'common.retry')}
      </Press>
    </View>
  );
}

/** What a page shows while it has nothing to show. */
export function Show<T>({
  loaded,
  onRetry,
  children,
}: {
  loaded: Loaded<T>;
  onRetry(): void;
  children(value: T): ReactNode;
}) {
  if (loaded.is === 'loading') return <Waiting />;
  if (loaded.is === 'failed') return <Trouble problem={loaded.problem} onRetry={onRetry} />;
  return <>{children(loaded.value)}</>;
}

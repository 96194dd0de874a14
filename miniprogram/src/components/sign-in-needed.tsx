import { View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { whereAmI } from '../platform/here';
import type { Place } from '../platform/place.ts';
import { signIn } from '../platform/sign-in';
import { tellProblem, wordsOfCode } from '../problem.ts';
import { useBusy } from '../use-busy.ts';
import { t } from '../words.ts';
import { Notice } from './card.tsx';
import { OpenInWeChat } from './open-in-wechat';
import { Press } from './press.tsx';
import './states.scss';

/** Asks the person to sign in, always by a button and never by itself. */
export function SignInNeeded({ onSignedIn }: { onSignedIn(): void }) {
  const [place, setPlace] = useState<Place | null>(null);
  const [fault, setFault] = useState(toldByAddress);
  const [busy, run] = useBusy();

  useEffect(() => {
    let isHere = true;
    void whereAmI().then((found) => isHere && setPlace(found));
    return () => {
      isHere = false;
    };
  }, []);

  const ask = () =>
    run(async () => {
      setFault(null);
      try {
        if (await signIn.ask('base')) onSignedIn();
      } catch (problem) {
        setFault(tellProblem(problem));
      }
    });

  if (place === 'browser') return <OpenInWeChat />;
  return (
    <View className="state">
      <View className="state-title">{t('signIn.title')}</View>
      <View className="state-says">{t('signIn.why')}</View>
      {fault ? <Notice tone="bad">{fault}</Notice> : null}
      <Press busy={busy} disabled={place === null} onPress={ask}>
        {t('signIn.button')}
      </Press>
    </View>
  );
}

function toldByAddress(): string | null {
  const code = signIn.takeError();
  return code === null ? null : wordsOfCode(code);
}

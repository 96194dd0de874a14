import { View } from '@tarojs/components';
import { useState } from 'react';
import type { CustomerView } from '../../../../src/contracts/index.ts';
import { Card, Fact, Notice } from '../../components/card.tsx';
import { signIn } from '../../platform/sign-in';
import { wordsOfCode } from '../../problem.ts';
import { t } from '../../words.ts';
import { GiveName } from './give-name';
import { GivePhone } from './give-phone';

interface ProfileProps {
  me: CustomerView;
  onChanged(): Promise<void>;
}

export function Profile({ me, onChanged }: ProfileProps) {
  // Asking for the name goes through WeChat's own page, which may come back with a refusal.
  const [refused] = useState(signIn.takeError);
  return (
    <Card>
      <View className="me-head">
        <View className="me-name">{me.nickname ?? t('me.guest')}</View>
        {me.nickname === null ? <GiveName /> : null}
      </View>
      {refused === null ? null : <Notice tone="mind">{wordsOfCode(refused)}</Notice>}
      <Fact label={t('me.phone')}>{me.phoneMasked ?? t('me.phoneNone')}</Fact>
      <GivePhone hasPhone={me.phoneMasked !== null} onGiven={onChanged} />
    </Card>
  );
}

import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh, useRouter, useShareAppMessage } from '@tarojs/taro';
import type { BadgeView, FrontSettings } from '../../../../src/contracts/index.ts';
import { faceOf } from '../../account-standing.ts';
import { pages } from '../../addresses.ts';
import { getBadge, getSettings } from '../../api.ts';
import { Fact } from '../../components/card.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { serverNow } from '../../server-clock.ts';
import { shanghaiDay, shanghaiMinute } from '../../shanghai-time.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useRemaining } from '../../use-remaining.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';
import './index.scss';

interface Shown {
  badge: BadgeView;
  settings: FrontSettings | null;
  seenAt: string;
}

async function loadBadge(code: string): Promise<Shown> {
  const [badge, settings] = await Promise.all([getBadge(code), getSettings().catch(() => null)]);
  return { badge, settings, seenAt: new Date(serverNow()).toISOString() };
}

/** For everybody who has the code. What was shown before is never left standing when the new answer does not come. */
export default function BadgePage() {
  const { code = '' } = useRouter<{ code?: string }>().params;
  const { loaded, retry } = useLoaded(() => loadBadge(code), code);
  useShownAgain(retry);
  usePullDownRefresh(() => {
    retry();
    stopPullDownRefresh();
  });
  useShareAppMessage(() => ({
    title: shareTitle(loaded.is === 'ready' ? loaded.value.badge.name : ''),
    path: pages.badge(code),
  }));
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {(shown) => <BadgeCard {...shown} onOver={retry} />}
      </Show>
    </Screen>
  );
}

const shareTitle = (name: string): string => (name === '' ? t('badge.title') : `${name} · ${t('badge.title')}`);

function BadgeCard({ badge, settings, seenAt, onOver }: Shown & { onOver(): void }) {
  const { name, subject, kindWords, isValid, hasTick, expiresAt, asOf, sourceWords } = badge;
  const { tone, title, says } = faceOf(badge);
  // The moment at which it ends is not slept through.
  useRemaining(isValid ? expiresAt : null, onOver);
  return (
    <>
      <View className="badge-page">
        <View className={`badge-face badge-face-${tone}`}>
          <View className={isValid ? 'badge-sign badge-sign-tick' : 'badge-sign badge-sign-none'} />
          <View className="badge-title">{title}</View>
          {says === null ? null : <View>{says}</View>}
        </View>
        <View className="badge-body">
          <View className="badge-name">{name}</View>
          {subject === null ? null : <View className="badge-subject">{subject}</View>}
          <Fact label={t('badge.kind')}>{kindWords}</Fact>
          <Fact label={t('badge.tick')}>{t(hasTick ? 'badge.hasTick' : 'badge.noTick')}</Fact>
          {expiresAt === null ? null : <Fact label={t('badge.until')}>{shanghaiDay(expiresAt)}</Fact>}
          <Fact label={t('badge.asOf')}>{shanghaiMinute(asOf)}</Fact>
          <Fact label={t('badge.source')}>{sourceWords}</Fact>
        </View>
      </View>
      <View className="badge-foot">{t('badge.seenAt', { time: shanghaiMinute(seenAt) })}</View>
      {settings === null ? null : <View className="badge-foot">{t('me.agency', { name: settings.agencyName })}</View>}
    </>
  );
}

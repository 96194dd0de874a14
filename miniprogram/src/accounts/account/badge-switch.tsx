import { Image, View } from '@tarojs/components';
import { renderSVG } from 'uqr';
import type { BadgeLinkView, CustomerAccountView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { switchBadgeOff, switchBadgeOn } from '../../api.ts';
import { Badge, Card, Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { copy, go, isSure, toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { pictureOf } from '../../svg.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

interface BadgeSwitchProps {
  account: CustomerAccountView;
  onSwitched(badge: BadgeLinkView | null): void;
  onRefused(): Promise<void>;
}

/** The public page of the account: switched on and off, and the code to show it by. */
export function BadgeSwitch({ account: { id, state, badge, canShowBadge }, onSwitched, onRefused }: BadgeSwitchProps) {
  const [busy, run] = useBusy();
  const change = (deed: () => Promise<BadgeLinkView | null>) =>
    run(async () => {
      try {
        onSwitched(await deed());
      } catch (problem) {
        toast(tellProblem(problem));
        await onRefused();
      }
    });
  const switchOn = () => change(() => switchBadgeOn(id));
  const switchOff = async () => {
    if (!(await isSure(t('badge.offSure'), t('badge.offYes'), t('common.cancel')))) return;
    change(async () => {
      await switchBadgeOff(id);
      toast(t('badge.isOff'));
      return null;
    });
  };

  if (badge !== null)
    return <BadgeShown badge={badge} isExpired={state === 'expired'} busy={busy} onOff={() => void switchOff()} />;
  if (!canShowBadge) return null;
  return (
    <Card title={t('badge.title')} hint={t('badge.offSays')}>
      <Press wide look="plain" busy={busy} onPress={switchOn}>
        {t('badge.on')}
      </Press>
    </Card>
  );
}

interface BadgeShownProps {
  badge: BadgeLinkView;
  isExpired: boolean;
  busy: boolean;
  onOff(): void;
}

function BadgeShown({ badge: { code, address }, isExpired, busy, onOff }: BadgeShownProps) {
  return (
    <Card>
      <View className="account-badge-head">
        <View className="card-title">{t('badge.title')}</View>
        <Badge tone="good">{t('badge.isOn')}</Badge>
      </View>
      {isExpired ? (
        <Notice tone="bad">{t('badge.onExpired')}</Notice>
      ) : (
        <View className="card-hint">{t('badge.onSays')}</View>
      )}
      <View className="account-qr">
        <Image className="state-qr" src={pictureOf(renderSVG(address, { border: 2 }))} ariaLabel={t('badge.qrLabel')} />
      </View>
      <View className="account-badge-deeds">
        <Press look="plain" onPress={() => go.to(pages.badge(code))}>
          {t('badge.open')}
        </Press>
        <Press look="plain" onPress={() => copy(address)}>
          {t('badge.copy')}
        </Press>
      </View>
      <Press wide look="danger" busy={busy} onPress={onOff}>
        {t('badge.off')}
      </Press>
    </Card>
  );
}

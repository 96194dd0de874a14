import { View } from '@tarojs/components';
import type { DeviceView } from '../../../../src/contracts/index.ts';
import { revokeDevice } from '../../api.ts';
import { Badge, Card } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { isSure, toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { shanghaiMinute } from '../../shanghai-time.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

interface DevicesProps {
  devices: DeviceView[];
  onChanged(): Promise<void>;
}

export function Devices({ devices, onChanged }: DevicesProps) {
  const [busy, run] = useBusy();
  const revoke = (id: string) =>
    run(async () => {
      if (!(await isSure(t('me.revokeAsk'), t('me.revokeYes'), t('common.cancel')))) return;
      try {
        await revokeDevice(id);
        toast(t('me.revoked'));
      } catch (problem) {
        toast(tellProblem(problem));
      }
      await onChanged();
    });
  return (
    <Card title={t('me.devices')}>
      {devices.map(({ id, device, signedInWith, lastSeenAt, isCurrent }) => (
        <View className="me-device" key={id}>
          <View className="me-device-says">
            <View className="me-device-name">{device}</View>
            <View className="me-small">
              {t(`me.from.${signedInWith}`)} · {t('me.lastSeen', { time: shanghaiMinute(lastSeenAt) })}
            </View>
          </View>
          {isCurrent ? (
            <Badge tone="calm">{t('me.currentDevice')}</Badge>
          ) : (
            <Press look="quiet" disabled={busy} onPress={() => revoke(id)}>
              {t('me.revoke')}
            </Press>
          )}
        </View>
      ))}
    </Card>
  );
}

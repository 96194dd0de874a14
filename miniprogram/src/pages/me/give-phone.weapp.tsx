import { Button } from '@tarojs/components';
import { givePhone } from '../../api.ts';
import { toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';

interface GivePhoneProps {
  hasPhone: boolean;
  onGiven(): Promise<void>;
}

/** WeChat's own button: its code is good once and is not the login code. */
export function GivePhone({ hasPhone, onGiven }: GivePhoneProps) {
  const [busy, run] = useBusy();
  const give = (code: string | undefined) =>
    run(async () => {
      if (!code) return toast(t('me.phoneRefused'));
      try {
        await givePhone({ code });
        toast(t('me.phoneSaved'));
        await onGiven();
      } catch (problem) {
        toast(tellProblem(problem));
      }
    });
  return (
    <Button
      className="me-phone"
      openType="getPhoneNumber"
      loading={busy}
      disabled={busy}
      onGetPhoneNumber={({ detail }) => give((detail as { code?: string }).code)}
    >
      {t(hasPhone ? 'me.changePhone' : 'me.givePhone')}
    </Button>
  );
}

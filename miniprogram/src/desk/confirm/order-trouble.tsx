import { View } from '@tarojs/components';
import { pages } from '../../addresses.ts';
import { Notice } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { SignInNeeded } from '../../components/sign-in-needed.tsx';
import { go } from '../../go.ts';
import { faultsElsewhere } from '../../order-form.ts';
import { needsSignIn, tellProblem } from '../../problem.ts';
import { NoAnswer, Refusal } from '../../refusal.ts';
import { t } from '../../words.ts';

interface OrderTroubleProps {
  problem: unknown;
  serviceCode: string;
  onSignedIn(): void;
}

/** Why the order was not placed, or may not have been, and what to do now. */
export function OrderTrouble({ problem, serviceCode, onSignedIn }: OrderTroubleProps) {
  if (problem === null) return null;
  if (needsSignIn(problem)) return <SignInNeeded onSignedIn={onSignedIn} />;
  if (problem instanceof NoAnswer) return <Notice tone="mind">{t('confirm.lostAnswer')}</Notice>;
  const more = problem instanceof Refusal ? faultsElsewhere(problem.fields) : [];
  return (
    <View>
      <Notice tone="bad">{[tellProblem(problem), ...more].join('；')}</Notice>
      {hasChanged(problem) ? (
        <Press look="plain" wide onPress={() => go.onTo(pages.service(serviceCode))}>
          {t('confirm.reloadService')}
        </Press>
      ) : null}
    </View>
  );
}

/** The catalogue or the verdict is another by now; only the service's page can show it. */
const hasChanged = (problem: unknown): boolean =>
  problem instanceof Refusal && (problem.code.startsWith('catalogue.') || problem.code === 'order.pre_check_failed');

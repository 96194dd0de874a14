import { pageScrollTo, useRouter } from '@tarojs/taro';
import { useState } from 'react';
import type { PackageView, PreCheckAnswer, PreCheckView, ServiceView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { getService, preCheck } from '../../api.ts';
import { Card, Notice, Paragraphs } from '../../components/card.tsx';
import { OrderBar } from '../../components/order-bar.tsx';
import { Screen } from '../../components/screen.tsx';
import { Show } from '../../components/states.tsx';
import { keepDraft } from '../../draft.ts';
import { go, toast } from '../../go.ts';
import { shelf } from '../../platform/shelf.ts';
import { tellProblem } from '../../problem.ts';
import { useBusy } from '../../use-busy.ts';
import { useLoaded } from '../../use-loaded.ts';
import { t } from '../../words.ts';
import { PackageChoice } from './package-choice.tsx';
import { PreCheck } from './pre-check.tsx';
import './index.scss';

export default function ServicePage() {
  const { code = '' } = useRouter<{ code?: string }>().params;
  const { loaded, retry } = useLoaded(() => getService(code), code);
  if (loaded.is === 'ready') return <Service service={loaded.value} />;
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {() => null}
      </Show>
    </Screen>
  );
}

function Service({ service }: { service: ServiceView }) {
  const [chosen, setChosen] = useState<PackageView | null>(service.packages[0] ?? null);
  const [answers, setAnswers] = useState<Record<string, PreCheckAnswer>>({});
  const [result, setResult] = useState<PreCheckView | null>(null);
  const [busy, run] = useBusy();
  const questions = service.preCheck.filter(({ packages }) => !packages || (chosen && packages.includes(chosen.code)));
  const open = questions.filter(({ code }) => !(code in answers)).length;

  /** Another package or another answer needs another verdict. */
  function choose(next: PackageView) {
    setChosen(next);
    setResult(null);
  }
  function answer(code: string, given: PreCheckAnswer) {
    setAnswers((before) => ({ ...before, [code]: given }));
    setResult(null);
  }

  /** Without answers that were given before another package was chosen. */
  const given = () =>
    Object.fromEntries(questions.flatMap(({ code }) => (answers[code] ? [[code, answers[code]]] : [])));

  async function verdictOn(bought: PackageView): Promise<PreCheckView> {
    const verdict = result ?? (await preCheck(service.code, { packageCode: bought.code, answers: given() }));
    setResult(verdict);
    return verdict;
  }

  const check = (bought: PackageView, then: (verdict: PreCheckView) => void) =>
    run(async () => {
      try {
        then(await verdictOn(bought));
      } catch (problem) {
        toast(tellProblem(problem));
      }
    });

  function order(bought: PackageView) {
    if (open > 0) {
      void pageScrollTo({ selector: '#pre-check' }).catch(() => undefined);
      return toast(t('service.answerAll', { count: open }));
    }
    check(bought, (verdict) => {
      if (!verdict.canOrder) return toast(t('service.verdict.fail'));
      keepDraft(shelf, { serviceCode: service.code, packageCode: bought.code, answers: given() });
      go.to(pages.confirm(service.code));
    });
  }

  const bar = chosen ? (
    <OrderBar label={t('service.total')} amountFen={chosen.totalFen} busy={busy} onPress={() => order(chosen)}>
      {t('service.order')}
    </OrderBar>
  ) : null;

  return (
    <Screen footer={bar}>
      <Card title={service.name}>
        <Paragraphs lines={[service.summary, ...service.description]} />
      </Card>
      {chosen ? (
        <PackageChoice packages={service.packages} chosen={chosen} onChoose={choose} />
      ) : (
        <Notice tone="mind">{t('service.noPackages')}</Notice>
      )}
      {chosen && questions.length > 0 ? (
        <PreCheck
          questions={questions}
          answers={answers}
          result={result}
          busy={busy}
          open={open}
          onAnswer={answer}
          onCheck={() => check(chosen, () => undefined)}
        />
      ) : null}
      <Card title={t('service.refundRule')}>
        <Paragraphs lines={service.refundRule} />
      </Card>
    </Screen>
  );
}

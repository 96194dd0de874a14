import { View } from '@tarojs/components';
import type { PreCheckAnswer, PreCheckQuestionView, PreCheckView } from '../../../../src/contracts/index.ts';
import { preCheckVerdicts } from '../../../../src/contracts/index.ts';
import { Badge, Card, Notice } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { Press } from '../../components/press.tsx';
import { toneOfVerdict } from '../../tones.ts';
import { t } from '../../words.ts';

interface PreCheckProps {
  questions: PreCheckQuestionView[];
  answers: Record<string, PreCheckAnswer>;
  result: PreCheckView | null;
  busy: boolean;
  /** How many questions wait for an answer. */
  open: number;
  onAnswer(code: string, given: PreCheckAnswer): void;
  onCheck(): void;
}

export function PreCheck({ questions, answers, result, busy, open, onAnswer, onCheck }: PreCheckProps) {
  return (
    <View id="pre-check">
      <Card title={t('service.preCheck')} hint={t('service.preCheckWhy')}>
        {questions.map((asked) => (
          <Question
            key={asked.code}
            asked={asked}
            given={answers[asked.code] ?? null}
            result={result}
            onAnswer={onAnswer}
          />
        ))}
        {result ? <Notice tone={toneOfVerdict(result.verdict)}>{verdictWords(result)}</Notice> : null}
        {result ? null : (
          <Press look="plain" wide busy={busy} disabled={open > 0} onPress={onCheck}>
            {open > 0 ? t('service.answerAll', { count: open }) : t('service.check')}
          </Press>
        )}
      </Card>
    </View>
  );
}

const given: readonly PreCheckAnswer[] = ['yes', 'no', 'unknown'];

interface QuestionProps {
  asked: PreCheckQuestionView;
  given: PreCheckAnswer | null;
  result: PreCheckView | null;
  onAnswer(code: string, given: PreCheckAnswer): void;
}

function Question({ asked, given: chosen, result, onAnswer }: QuestionProps) {
  const item = result?.items.find(({ code }) => code === asked.code);
  return (
    <View className="service-question">
      <View className="service-question-head">
        {asked.question}
        {asked.required ? <Badge tone="past">{t('service.required')}</Badge> : null}
        {item ? <Badge tone={toneOfVerdict(item.verdict)}>{preCheckVerdicts[item.verdict]}</Badge> : null}
      </View>
      {asked.hint ? <View className="service-question-hint">{asked.hint}</View> : null}
      <Choice
        label={asked.question}
        chosen={chosen}
        onChoose={(answer) => onAnswer(asked.code, answer)}
        options={given.map((value) => ({ value, shown: t(`service.answer.${value}`) }))}
      />
      {item?.advice ? <View className="service-advice">{t('service.advice', { advice: item.advice })}</View> : null}
    </View>
  );
}

/** Whether one may order is the server's word; the sentence only says why. */
function verdictWords({ verdict, canOrder }: PreCheckView): string {
  if (verdict === 'pass') return t('service.verdict.pass');
  if (verdict === 'unknown') return t(canOrder ? 'service.verdict.unknown' : 'service.verdict.unknownStop');
  return t(canOrder ? 'service.verdict.failMayOrder' : 'service.verdict.fail');
}

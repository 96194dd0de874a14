import type { PreCheckAnswer, PreCheckView } from '../contracts/app.ts';
import type { PreCheckVerdict } from '../contracts/states.ts';
import { type QuestionDefinition, questionsFor, type ServiceDefinition } from './definition.ts';
import { questionsUnknown } from './errors.ts';
import { getPackage } from './price.ts';

const VERDICTS: Record<PreCheckAnswer, PreCheckVerdict> = { yes: 'pass', no: 'fail', unknown: 'unknown' };

const adviceFor = (question: QuestionDefinition, answer: PreCheckAnswer): string | null =>
  ({ yes: null, no: question.adviceIfNo, unknown: question.adviceIfUnknown })[answer];

/**
 * Judges what a customer answered before ordering a package. What was not answered is not known. Answers to questions that
 * the service asks only for its other packages are passed over.
 *
 * The verdict: `fail` when a required answer is “no”; `pass` when every answer is “yes”; else `unknown`, for staff to look at.
 * @throws {AppError} catalogue.package_not_on_sale; request.invalid naming the answers to questions that the service does not ask
 */
export function checkAnswers(
  definition: ServiceDefinition,
  packageCode: string,
  answers: Readonly<Record<string, PreCheckAnswer>>,
): PreCheckView {
  getPackage(definition, packageCode);
  const asked = new Set(definition.preCheck.map(({ code }) => code));
  const unknown = Object.keys(answers).filter((code) => !asked.has(code));
  if (unknown.length > 0) throw questionsUnknown(unknown);

  const questions = questionsFor(definition, packageCode);
  const answerTo = (code: string) => (Object.hasOwn(answers, code) && answers[code]) || 'unknown';
  const items = questions.map((question) => {
    const answer = answerTo(question.code);
    const { code, question: words } = question;
    return { code, question: words, answer, verdict: VERDICTS[answer], advice: adviceFor(question, answer) };
  });
  const canOrder = !questions.some(({ required, code }) => required && answerTo(code) === 'no');
  return { verdict: overall(canOrder, items), canOrder, items };
}

function overall(canOrder: boolean, items: PreCheckView['items']): PreCheckVerdict {
  if (!canOrder) return 'fail';
  return items.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'unknown';
}

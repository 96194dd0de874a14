import { checkAnswers } from '../../src/catalogue/index.ts';
import type { PreCheckAnswer } from '../../src/contracts/app.ts';
import { buildDefinition } from './example.ts';

type Answers = Record<string, PreCheckAnswer>;

const check = (packageCode: string, answers: Answers) => checkAnswers(buildDefinition(), packageCode, answers);

describe('a pre-check', () => {
  // has_company is required and asked for every package; has_drawings is not required and asked for the large one only.
  const table: [about: string, packageCode: string, answers: Answers, verdict: string, canOrder: boolean][] = [
    ['all yes', 'large', { has_company: 'yes', has_drawings: 'yes' }, 'pass', true],
    ['a required no', 'large', { has_company: 'no', has_drawings: 'yes' }, 'fail', false],
    ['a required unknown', 'large', { has_company: 'unknown', has_drawings: 'yes' }, 'unknown', true],
    ['a required one left out', 'large', { has_drawings: 'yes' }, 'unknown', true],
    ['an optional no', 'large', { has_company: 'yes', has_drawings: 'no' }, 'unknown', true],
    ['an optional unknown', 'large', { has_company: 'yes', has_drawings: 'unknown' }, 'unknown', true],
    ['nothing answered', 'large', {}, 'unknown', true],
    ['a required no among unknowns', 'large', { has_company: 'no' }, 'fail', false],
    ['all yes of a package with fewer questions', 'small', { has_company: 'yes' }, 'pass', true],
    ['an answer to another package’s question', 'small', { has_company: 'yes', has_drawings: 'no' }, 'pass', true],
  ];

  it.each(table)('%s', (_, packageCode, answers, verdict, canOrder) => {
    expect(check(packageCode, answers)).toMatchObject({ verdict, canOrder });
  });

  it('shows each question with its answer and what to do about it', () => {
    expect(check('large', { has_company: 'no' }).items).toEqual([
      { code: 'has_company', question: '有公司吗？', answer: 'no', verdict: 'fail', advice: '请先设立公司。' },
      { code: 'has_drawings', question: '有图纸吗？', answer: 'unknown', verdict: 'unknown', advice: '请问设计师。' },
    ]);
    expect(check('small', { has_company: 'yes', has_drawings: 'no' }).items).toEqual([
      { code: 'has_company', question: '有公司吗？', answer: 'yes', verdict: 'pass', advice: null },
    ]);
  });

  it('does not take what an object inherits for an answer', () => {
    const { preCheck } = buildDefinition();
    const definition = buildDefinition({
      preCheck: preCheck.map((question) => ({ ...question, code: 'constructor' })),
    });
    expect(checkAnswers(definition, 'small', {}).items).toMatchObject([{ answer: 'unknown', verdict: 'unknown' }]);
  });

  it('refuses answers to questions that nobody asked, naming each', () => {
    const answers = { has_company: 'yes', has_boat: 'yes', toString: 'no' } as Answers;
    expect(() => check('small', answers)).toThrow(
      expect.objectContaining({
        status: 422,
        code: 'request.invalid',
        detail: {
          fields: [
            { field: 'answers.has_boat', message: '没有这个预检问题' },
            { field: 'answers.toString', message: '没有这个预检问题' },
          ],
        },
      }),
    );
  });

  it('is refused for a package that is not sold', () => {
    expect(() => check('huge', {})).toThrow(expect.objectContaining({ code: 'catalogue.package_not_on_sale' }));
  });
});

import fc from 'fast-check';
import { amount, characterString, thing, time } from '../../templates/messages/fields.ts';
import {
  askedWhenPaying,
  type FieldName,
  fieldsOf,
  findTemplate,
  isWithinLimits,
  kindOf,
  type MessageName,
  messageTemplates,
} from '../../templates/messages/index.ts';
import type { z } from 'zod';

/** WeChat's limits (official documentation, subscribe messages, parameter kinds), written down here anew. */
const LIMITS: Record<string, (value: string) => boolean> = {
  thing: (value) => [...value].length <= 20 && value.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(value),
  character_string: (value) => /^[\x21-\x7e]{1,32}$/.test(value),
  amount: (value) => /^¥\d{1,10}(\.\d{1,2})?$/.test(value) && value.length <= 12,
  time: (value) => /^\d{4}年\d{1,2}月\d{1,2}日 ([01]\d|2[0-3]):[0-5]\d$/.test(value),
  date: (value) => /^\d{4}年\d{1,2}月\d{1,2}日$/.test(value),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
};

const anyDate = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
const anyText = (maxLength: number) =>
  fc
    .string({ minLength: 1, maxLength, unit: 'binary' })
    .filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text));

/** Facts as far apart as their shape allows, whatever message they are for. */
function extremesOf(shape: Record<string, z.ZodType>): fc.Arbitrary<Record<string, unknown>> {
  const one = (name: string, fact: z.ZodType): fc.Arbitrary<unknown> => {
    const { options } = fact as { options?: unknown[] };
    if (options) return fc.constantFrom(...options);
    if (name === 'orderNumber') return fc.stringMatching(/^TB\d{14}$/);
    if (name.endsWith('Number')) return fc.stringMatching(/^[\x21-\x7e]{1,32}$/);
    if (name.endsWith('Fen'))
      return fc.oneof(fc.constantFrom(0, 1, 9, 10, 99, 100, 2_147_483_647), fc.nat(2_147_483_647));
    if (name.endsWith('At')) return anyDate.map((at) => at.toISOString());
    if (name.endsWith('Day')) return anyDate.map((at) => at.toISOString().slice(0, 10));
    return anyText(128).map((text) =>
      fact.safeParse(text).success ? text : [...text].slice(0, 20).join('').trim() || '空',
    );
  };
  return fc.record(Object.fromEntries(Object.entries(shape).map(([name, fact]) => [name, one(name, fact)])));
}

describe.each(Object.keys(messageTemplates) as MessageName[])('The message %s', (name) => {
  const template = findTemplate(name)!;
  const extremes = extremesOf(template.facts.shape as Record<string, z.ZodType>);

  it('keeps WeChat’s limits of every field, whatever the facts', () => {
    fc.assert(
      fc.property(extremes, (facts) => {
        expect(template.facts.safeParse(facts)).toMatchObject({ success: true });
        for (const [field, value] of Object.entries(fieldsOf(template, facts))) {
          const isWithin = LIMITS[kindOf(field)];
          if (!isWithin) throw new Error(`no limits known for ${field}`);
          expect([field, value, isWithin(value)]).toEqual([field, value, true]);
          expect([field, value, isWithinLimits(field as FieldName, value)]).toEqual([field, value, true]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is known by its own name, has a Chinese title, and two to five fields with numbers of their own', () => {
    expect(template.name).toBe(name);
    expect(template.title).toMatch(/\p{Script=Han}/u);
    expect(template.event).toMatch(/\p{Script=Han}/u);
    const numbers = Object.keys(template.fields).map((field) => /\d+$/.exec(field)![0]);
    expect(numbers.length).toBeGreaterThanOrEqual(2);
    expect(numbers.length).toBeLessThanOrEqual(5);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('takes no fact more and none less', () => {
    const facts = fc.sample(extremes, { numRuns: 1, seed: 1 })[0]!;
    expect(template.facts.safeParse({ ...facts, more: 1 }).success).toBe(false);
    for (const gone of Object.keys(facts))
      expect(template.facts.safeParse({ ...facts, [gone]: undefined }).success).toBe(false);
  });

  it('opens a page that the customer’s app has', async () => {
    const facts = fc.sample(extremes, { numRuns: 1, seed: 1 })[0]!;
    const [page] = template.page(facts).split('?');
    expect(await pagesOfTheApp()).toContain(page);
  });
});

it('consent is asked for at most five messages, and for none that there is not', () => {
  expect(askedWhenPaying.length).toBeLessThanOrEqual(5);
  for (const name of askedWhenPaying) expect(findTemplate(name)).not.toBeNull();
  expect(findTemplate('toString')).toBeNull();
});

describe('A value is refused', () => {
  it.each<[FieldName, string]>([
    ['thing1', '一'.repeat(21)],
    ['thing1', ''],
    ['thing1', ' '],
    ['thing1', '两\n行'],
    ['character_string1', 'x'.repeat(33)],
    ['character_string1', '单号'],
    ['amount1', '199'],
    ['amount1', '¥1.5'],
    ['time1', '2026-11-25'],
    ['date1', '2026年13月1日'],
    ['phrase1', '非常不通过的'],
    ['phrase1', 'OK'],
  ])('as %s: %j', (field, value) => {
    expect(isWithinLimits(field, value)).toBe(false);
  });
});

async function pagesOfTheApp(): Promise<string[]> {
  type AppConfig = { pages: string[]; subPackages: { root: string; pages: string[] }[] };
  Object.assign(globalThis, { defineAppConfig: (config: AppConfig) => config });
  // Not followed by the compiler: the phone's sources have a configuration of their own.
  const file: string = '../../miniprogram/src/app.config.ts';
  const { default: app } = (await import(file)) as { default: AppConfig };
  return [...app.pages, ...app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))];
}

describe('A thing', () => {
  it.each([
    ['呼叫中心业务经营许可证', '呼叫中心业务经营许可证'],
    ['一二三四五六七八九十一二三四五六七八九十', '一二三四五六七八九十一二三四五六七八九十'],
    ['一二三四五六七八九十一二三四五六七八九十多', '一二三四五六七八九十一二三四五六七八九…'],
    ['😀'.repeat(20), '😀'.repeat(20)],
    ['😀'.repeat(21), `${'😀'.repeat(19)}…`],
    ['  前后  ', '前后'],
    ['第一行\n第二行\r\n第三行', '第一行 第二行 第三行'],
    ['a\u2028b\u0000c', 'a b c'],
    ['', '-'],
    ['   \n ', '-'],
  ])('%j is shown as %j', (text, shown) => {
    expect(thing(text)).toBe(shown);
  });
});

describe('An amount', () => {
  it.each([
    [0, '¥0.00'],
    [1, '¥0.01'],
    [10, '¥0.10'],
    [19_900, '¥199.00'],
    [2_147_483_647, '¥21474836.47'],
  ])('of %d fen is shown as %s', (fen, shown) => {
    expect(amount(fen)).toBe(shown);
  });

  it.each([-1, -100, 10_000_000_000_00, 0.5, Number.NaN, Infinity])('of %d fen is refused', (fen) => {
    expect(() => amount(fen)).toThrow(/not an amount/);
  });
});

describe('A character string', () => {
  it('is shown to the letter, or refused', () => {
    expect(characterString('TB26112204815926')).toBe('TB26112204815926');
    for (const text of ['', 'x'.repeat(33), '单号', 'a b', 'a\n']) expect(() => characterString(text)).toThrow();
  });
});

describe('A time', () => {
  it.each([
    ['2026-11-22T15:59:59Z', '2026年11月22日 23:59'],
    ['2026-11-22T16:00:00Z', '2026年11月23日 00:00'],
    ['2026-12-31T16:00:00Z', '2027年1月1日 00:00'],
    ['2028-02-28T16:30:00Z', '2028年2月29日 00:30'],
  ])('%s is %s in Shanghai', (at, shown) => {
    expect(time(at)).toBe(shown);
  });
});

import fc from 'fast-check';
import { amount, characterString, thing, time } from '../../templates/messages/fields.ts';
import { type MessageFacts, type MessageName, messageTemplates } from '../../templates/messages/index.ts';

/** WeChat's limits (official documentation, subscribe messages, parameter kinds), written down here anew. */
const LIMITS: Record<string, (value: string) => boolean> = {
  thing: (value) => [...value].length <= 20 && value.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(value),
  character_string: (value) => /^[\x21-\x7e]{1,32}$/.test(value),
  amount: (value) => /^¥\d{1,10}(\.\d{1,2})?$/.test(value) && value.length <= 12,
  time: (value) => /^\d{4}年\d{1,2}月\d{1,2}日 ([01]\d|2[0-3]):[0-5]\d$/.test(value),
};
const kindOf = (field: string) => field.replace(/\d+$/, '');

/** Facts as far apart as the product can make them; the names of services come from files and are up to 64 characters. */
const EXTREMES: { [Name in MessageName]: fc.Arbitrary<MessageFacts[Name]> } = {
  'order-paid': fc.record({
    orderNumber: fc.stringMatching(/^TB\d{14}$/),
    serviceName: fc.string({ maxLength: 64, unit: 'binary' }),
    amountFen: fc.oneof(fc.constantFrom(0, 1, 9, 10, 99, 100, 2_147_483_647), fc.nat(2_147_483_647)),
    paidAt: fc
      .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString()),
  }),
};

describe.each(Object.keys(messageTemplates) as MessageName[])('The message %s', (name) => {
  const template = messageTemplates[name];

  it('keeps WeChat’s limits of every field, whatever the facts', () => {
    fc.assert(
      fc.property(EXTREMES[name], (facts) => {
        for (const fields of [template.officialAccount(facts), template.miniProgram(facts)]) {
          for (const [field, value] of Object.entries(fields)) {
            const isWithin = LIMITS[kindOf(field)];
            if (!isWithin) throw new Error(`no limits known for ${field}`);
            expect([field, value, isWithin(value)]).toEqual([field, value, true]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is known by its own name', () => {
    expect(template.name).toBe(name);
    expect(template.title).toMatch(/\p{Script=Han}/u);
  });

  it('opens a page that the customer’s app has', async () => {
    const facts = fc.sample(EXTREMES[name], { numRuns: 1, seed: 1 })[0]!;
    const [page] = template.page(facts).split('?');
    expect(await pagesOfTheApp()).toContain(page);
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
    expect(time(new Date(at))).toBe(shown);
  });
});

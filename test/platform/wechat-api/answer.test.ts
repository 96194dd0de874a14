import fc from 'fast-check';
import { digits, findObject, flag, readJson, wholeNumber } from '../../../src/platform/wechat-api/answer.ts';

describe('readJson', () => {
  it.each([
    ['{"msgid":2918131553548107776}', { msgid: '2918131553548107776' }],
    ['{ "msgid" : 9007199254740993 }', { msgid: '9007199254740993' }],
    [
      '[2918131553548107776,-2918131553548107776,200228332]',
      ['2918131553548107776', '-2918131553548107776', 200228332],
    ],
    ['[-483376274202320,999999999999999,-1000000000000000]', [-483376274202320, 999999999999999, '-1000000000000000']],
    ['{"text":"2918131553548107776 \\" 2918131553548107776"}', { text: '2918131553548107776 " 2918131553548107776' }],
    ['{"2918131553548107776":"\\\\"}', { '2918131553548107776': '\\' }],
    ['{"expires_in":7200,"rate":0.1234567890123456789}', { expires_in: 7200, rate: 0.12345678901234568 }],
    ['{"title":"\\u4e2d\\/"}', { title: '中/' }],
  ])('reads %s to the last digit', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it('reads everything else as JSON.parse does', () => {
    const isLong = (value: unknown): boolean =>
      typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= 1e15;
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, (_, each: unknown) => (isLong(each) ? 0 : each), indent);
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what is not JSON', () => {
    expect(() => readJson('{"a":1')).toThrow(SyntaxError);
  });
});

it.each(['', 'ok', '[]', 'null', '"text"', '<html>', '{"a":'])('finds no object in %j', (text) => {
  expect(findObject(text)).toBeNull();
});

it('finds an object behind a byte order mark and between line breaks', () => {
  expect(findObject('\uFEFF{\n "errcode": 0\n}')).toEqual({ errcode: 0 });
});

describe('fields of two spellings', () => {
  it.each([[7200], ['7200']])('%j is a whole number', (value) => expect(wholeNumber.parse(value)).toBe(7200));
  it.each([['7200s'], [1.5], [null], ['']])('%j is none', (value) =>
    expect(wholeNumber.safeParse(value).success).toBe(false),
  );
  it.each([
    [1, true],
    ['1', true],
    [true, true],
    ['true', true],
    [0, false],
    ['0', false],
    [false, false],
    ['false', false],
  ])('%j is the flag %j', (value, expected) => expect(flag.parse(value)).toBe(expected));
  it.each([
    [200228332, '200228332'],
    ['2918131553548107776', '2918131553548107776'],
  ])('%j are the digits %j', (value, expected) => expect(digits.parse(value)).toBe(expected));
  it.each([[-1], ['12a'], [1.5], [2 ** 60], ['']])('%j are no digits', (value) =>
    expect(digits.safeParse(value).success).toBe(false),
  );
});

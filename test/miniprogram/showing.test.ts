import fc from 'fast-check';
import { clockFace, secondsLeft } from '../../miniprogram/src/countdown.ts';
import { yuan } from '../../miniprogram/src/money.ts';
import { shanghaiMinute } from '../../miniprogram/src/shanghai-time.ts';

describe('money', () => {
  it.each([
    [0, '¥0.00'],
    [5, '¥0.05'],
    [19900, '¥199.00'],
    [123456789, '¥1,234,567.89'],
    [-100, '-¥1.00'],
  ])('shows %i fen as %s', (fen, shown) => expect(yuan(fen)).toBe(shown));

  it('loses no fen', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (fen) => {
        expect(BigInt(yuan(fen).replace(/[¥,.]/g, ''))).toBe(BigInt(fen));
      }),
    );
  });

  it('refuses to show a broken amount', () => {
    expect(() => yuan(1.5)).toThrow(RangeError);
    expect(() => yuan(NaN)).toThrow(RangeError);
  });
});

describe('the countdown', () => {
  const end = '2026-11-22T02:00:00.000Z';
  const before = (ms: number) => Date.parse(end) - ms;

  it.each([
    [1, 1],
    [1000, 1],
    [1001, 2],
    [1_799_500, 1800],
    [0, 0],
    [-5000, 0],
  ])('has, %i ms before the end, %i seconds left', (ms, left) => expect(secondsLeft(end, before(ms))).toBe(left));

  it.each([
    [59, '00:59'],
    [1800, '30:00'],
    [3600, '1:00:00'],
    [90_061, '25:01:01'],
  ])('shows %i seconds as %s', (seconds, face) => expect(clockFace(seconds)).toBe(face));
});

it('shows instants on Shanghai’s clock, across midnight and the year’s end', () => {
  expect(shanghaiMinute('2026-12-31T16:30:00Z')).toBe('2027-01-01 00:30');
});

import fc from 'fast-check';
import type { Observation } from '../../entities/account.ts';
import { derive } from '../../src/verification/derive.ts';
import { type Said, standingOf } from '../../src/verification/standing.ts';

const DAY_MS = 24 * 3600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const day = (number: number) => new Date(START + number * DAY_MS);
const iso = (number: number) => day(number).toISOString();

let made = 0;
const said = (on: number, words: Observation, source: Said['source'] = 'event'): Said => ({
  id: `${++made}`.padStart(6, '0'),
  source,
  said: words,
  happenedAt: day(on),
  recordedAt: day(on),
});
const passed = (on: number, until: number) => said(on, { isQualified: true, attempt: 'passed', expiresAt: iso(until) });
const failed = (on: number, reason = '营业执照不清晰') => said(on, { attempt: 'failed', reason });
const named = (on: number, until: number) => said(on, { isQualified: true, isNamed: true, expiresAt: iso(until) });
const unnamed = (on: number) => said(on, { isNamed: false, reason: '名称为他人商标' });
const reviewDue = (on: number, until: number) =>
  said(on, { isQualified: true, reviewFrom: iso(on), expiresAt: iso(until) });
const expired = (on: number, until: number) => said(on, { isQualified: false, expiresAt: iso(until) });
const answer = (on: number, words: Observation) => said(on, words, 'query');

const at = (on: number, ...entries: Said[]) => derive(standingOf(entries, day(on)).standing, day(on));

describe('The state that follows, in the order of WeChat’s table', () => {
  it.each([
    ['nothing was heard', 1, [], 'unknown', 'unknown'],
    ['an answer: not qualified', 1, [answer(0, { isQualified: false, isNamed: false })], 'unverified', 'none'],
    [
      'the real name is being checked',
      1,
      [answer(0, { isQualified: false, realName: 'in_progress' })],
      'pending',
      'none',
    ],
    ['qualification failed', 1, [failed(0)], 'failed', 'none'],
    ['qualified, the name not yet', 1, [passed(0, 365)], 'qualified_no_name', 'granted'],
    ['the name failed: the rights stay', 2, [passed(0, 365), unnamed(1)], 'qualified_no_name', 'granted'],
    ['both', 2, [passed(0, 365), named(1, 365)], 'verified', 'granted'],
    ['the name passed, of the qualification nothing was heard', 2, [named(1, 365)], 'verified', 'granted'],
    ['the day before the review begins', 274, [passed(0, 365), named(1, 365)], 'verified', 'granted'],
    ['the review begins 90 days before the end', 275, [passed(0, 365), named(1, 365)], 'renewal_due', 'granted'],
    ['the review of an account without a name', 300, [passed(0, 365)], 'renewal_due', 'granted'],
    ['on the last instant', 365, [passed(0, 365), named(1, 365)], 'renewal_due', 'granted'],
    ['after the end, nobody said so', 366, [passed(0, 365), named(1, 365)], 'expired', 'none'],
    ['WeChat says that it is over', 366, [passed(0, 365), named(1, 365), expired(365, 365)], 'expired', 'none'],
    ['the answer: no longer qualified', 5, [passed(0, 365), answer(4, { isQualified: false })], 'expired', 'none'],
    ['a renewal failed within the year: the rights stay', 300, [passed(0, 365), failed(299)], 'failed', 'granted'],
    ['renewed', 366, [passed(0, 365), named(1, 365), passed(300, 730)], 'verified', 'granted'],
    [
      'renewed after the end: the name is decided anew',
      400,
      [passed(0, 365), named(1, 365), expired(365, 365), passed(399, 764)],
      'qualified_no_name',
      'granted',
    ],
    [
      'renewed, told by an answer only',
      400,
      [passed(0, 365), failed(300), answer(399, { isQualified: true, isNamed: true, expiresAt: iso(764) })],
      'verified',
      'granted',
    ],
  ] as const)('%s', (_, on, entries, state, rights) => {
    expect(at(on, ...entries)).toMatchObject({ state, rights });
  });

  it('has the tick with the name, and not without the rights', () => {
    expect(at(2, passed(0, 365)).tick).toBe('');
    expect(at(2, passed(0, 365), named(1, 365)).tick).toBe('shown');
    expect(at(366, passed(0, 365), named(1, 365)).tick).toBe('');
  });

  it('knows when it changes by itself', () => {
    const entries = [passed(0, 365), named(1, 365)];
    expect(at(2, ...entries).nextTurnAt).toEqual(day(275));
    expect(at(275, ...entries).nextTurnAt).toEqual(new Date(day(365).getTime() + 1));
    expect(at(366, ...entries).nextTurnAt).toBeNull();
  });

  it('takes the window that WeChat names, and computes it once that is of an earlier period', () => {
    expect(at(2, passed(0, 365), reviewDue(270, 365)).reviewFrom).toEqual(day(275));
    expect(at(280, passed(0, 365), reviewDue(270, 365)).reviewFrom).toEqual(day(270));
    expect(at(300, passed(0, 365), reviewDue(270, 365), passed(290, 730)).reviewFrom).toEqual(day(640));
  });
});

describe('What is said', () => {
  it('counts by the time at which it was so, whatever the order in which it comes', () => {
    const life = [
      failed(0),
      failed(3, '名称与主体不符'),
      passed(6, 371),
      unnamed(7),
      named(9, 371),
      answer(10, { isQualified: true, isNamed: true, expiresAt: iso(371) }),
      reviewDue(281, 371),
      expired(371, 371),
      passed(380, 745),
    ];
    const right = standingOf(life, day(400)).standing;
    fc.assert(
      fc.property(fc.shuffledSubarray(life, { minLength: life.length }), (shuffled) => {
        expect(standingOf(shuffled, day(400)).standing).toEqual(right);
      }),
    );
    expect(derive(right, day(400))).toMatchObject({ state: 'qualified_no_name', expiresAt: day(745) });
  });

  it('twice is once', () => {
    const life = [failed(0), passed(6, 371), named(9, 371)];
    const again = life.map((entry) => ({ ...entry, id: `${entry.id}-again` }));
    expect(standingOf([...life, ...again], day(20)).standing).toEqual(standingOf(life, day(20)).standing);
  });

  it('of an earlier end, after a later one, is set aside', () => {
    const late = expired(20, 15);
    const { standing, setAside } = standingOf([passed(0, 365), late], day(21));
    expect(setAside).toEqual(new Map([[late.id, 'dates_backwards']]));
    expect(derive(standing, day(21))).toMatchObject({ state: 'qualified_no_name', expiresAt: day(365) });
  });

  it('of an end that was over before it was said, of the future, or of nothing, is set aside', () => {
    const strange = [passed(10, 9), said(30, { isNamed: true }), said(1, {})];
    const { setAside } = standingOf(strange, day(20));
    expect([...setAside.values()]).toEqual(['nothing_said', 'over_already', 'from_the_future']);
    expect(at(20, ...strange).state).toBe('unknown');
  });

  it('by WeChat’s own answer counts even of an earlier end: it is the record', () => {
    expect(at(11, passed(0, 365), answer(10, { isQualified: true, expiresAt: iso(200) })).expiresAt).toEqual(day(200));
  });

  it('keeps the reason of a failure until a new application, and of the name until it passes', () => {
    const { standing } = standingOf([failed(0)], day(1));
    expect(standing.failure).toEqual({ part: 'qualification', reason: '营业执照不清晰', at: day(0) });
    expect(standingOf([failed(0), said(1, { attempt: 'pending' }, 'staff')], day(2)).standing.failure).toBeNull();
    expect(standingOf([passed(0, 365), unnamed(1)], day(2)).standing.failure).toMatchObject({ part: 'naming' });
    expect(standingOf([passed(0, 365), unnamed(1), named(2, 365)], day(3)).standing.failure).toBeNull();
  });
});

describe('An answer that was asked for before an event came', () => {
  const ms = (number: number) => new Date(START + number);
  const asked = (at: number): Said => ({
    ...answer(0, { isQualified: false }),
    happenedAt: ms(at),
    recordedAt: ms(at),
  });
  const told = (at: number, heardAt: number): Said => ({
    ...passed(0, 365),
    happenedAt: ms(at),
    recordedAt: ms(heardAt),
  });
  const state = (...entries: Said[]) => derive(standingOf(entries, day(1)).standing, day(1)).state;

  it.each([
    ['in the same second, which is all that WeChat tells', asked(700), told(0, 900)],
    ['by a clock that is ahead of WeChat’s', asked(50_000), told(10_000, 58_000)],
    ['of which the answer came after it', { ...asked(700), recordedAt: ms(2000) }, told(0, 900)],
  ])('is older than its news: %s', (_, query, event) => {
    expect(state(query, event)).toBe('qualified_no_name');
    expect(standingOf([query, event], day(1)).others).toEqual([]);
  });

  it('is newer than an event that was long on its way, and than one that was there', () => {
    expect(state(asked(100_000), told(10_000, 110_000))).toBe('expired');
    expect(state(asked(2000), told(0, 1000))).toBe('expired');
  });
});

describe('Sources that contradict each other', () => {
  const others = (on: number, ...entries: Said[]) =>
    standingOf(entries, day(on)).others.map(({ part, known }) => [part, known.source, known.value]);

  it('are shown, and the later one counts', () => {
    const letter = said(5, { isQualified: false }, 'staff');
    const entries = [answer(0, { isQualified: true }), letter, answer(6, { isQualified: true })];
    expect(others(7, ...entries)).toEqual([['qualification', 'staff', false]]);
    expect(at(7, ...entries).rights).toBe('granted');
  });

  it('an answer that was given again since outweighs an event that comes late', () => {
    const answers = [answer(1, { isQualified: true }), answer(10, { isQualified: true })];
    expect(at(11, ...answers, said(5, { isQualified: false })).rights).toBe('granted');
    expect(others(11, ...answers, said(5, { isQualified: false }))).toEqual([['qualification', 'event', false]]);
  });

  it('a change that one source tells of and another has not been asked about since is none', () => {
    expect(others(7, answer(0, { isQualified: true }), expired(5, 5))).toEqual([]);
    expect(others(7, failed(0), passed(5, 365))).toEqual([]);
  });
});

import fc from 'fast-check';
import { askDue } from '../../src/verification/index.ts';
import { AccountWorld, DAY_MS } from './account-world.ts';

const LONG_MS = 240_000;
const HOUR_MS = 3600_000;
/** What is decided of an application, and of a name. */
const DECISIONS = ['qualification_fail', 'naming_fail', 'qualification_success', 'naming_success'] as const;

interface AtWeChat {
  isQualified: boolean;
  isNamed: boolean;
  until: number;
}

let world: AccountWorld;
beforeEach(async () => {
  world = await AccountWorld.start();
}, 60_000);
afterEach(() => world.stop());

const lever = (more: object) => world.lever<AtWeChat>('/official-account/verification', more);

/** The review may be made at any time. */
const until = () => world.test.clock.now().getTime() + 60 * DAY_MS;

/** The first of the steps that WeChat allows; null: none. */
async function take(steps: readonly string[]): Promise<string | null> {
  for (const step of steps) {
    const taken = await lever({ step, reason: `原因：${step}`, until: until() }).catch(() => null);
    if (taken) return step;
  }
  return null;
}

/** Days pass, and WeChat is asked when it is the account's turn: at the latest a day and an hour after it was asked last. */
async function pass(days: number): Promise<void> {
  await world.pass(60_000);
  await world.later(days);
  await world.pass(HOUR_MS);
  for (let turn = 0; turn < 2; turn += 1) {
    await askDue(world.desk);
    await world.test.settle();
  }
}

it.each([2, 3])(
  'Whatever becomes of an account, and whichever events are lost, a day and an hour later what WeChat knows is known (seed %i)',
  async (seed) => {
    const moves = fc.record({
      decisions: fc.shuffledSubarray([...DECISIONS], { minLength: 1 }),
      isLost: fc.boolean(),
      days: fc.constantFrom(1, 20),
    });
    await lever({ step: 'reset', until: until() });
    await askDue(world.desk);
    let refusal: string | null = null;
    for (const { decisions, isLost, days } of fc.sample(moves, { seed, numRuns: 30 })) {
      await world.lever('/official-account/settings', { verificationEvents: isLost ? 'drop' : 'auto' });
      const step = (await take(decisions)) ?? (await take(['submit']));
      if (step === 'qualification_success') refusal = null;
      if (step === 'qualification_fail' && !isLost) refusal = `原因：${step}`;
      await pass(days);

      const there = await world.lever<AtWeChat>('/official-account/verification');
      const { rights, hasTick, expiresAt, state, failure } = await world.own();
      expect({ rights, hasTick, isRefused: state === 'failed' }).toEqual({
        rights: there.isQualified ? 'granted' : 'none',
        hasTick: there.isNamed,
        isRefused: refusal !== null && there.isQualified,
      });
      if (there.isQualified) expect(expiresAt).toBe(new Date(there.until).toISOString());
      if (state === 'failed') expect(failure).toMatchObject({ part: 'qualification', reason: refusal });
    }
  },
  LONG_MS,
);

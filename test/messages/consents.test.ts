import fc from 'fast-check';
import { In } from 'typeorm';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { WechatPush } from '../../entities/wechat-push.ts';
import {
  consentAnswered,
  consentDenied,
  consentsLeft,
  consentUsed,
  consentWithdrawn,
  type Witness,
} from '../../src/messages/consents.ts';
import { type Addressee, MessageWorld } from './message-world.ts';

let world: MessageWorld;
beforeAll(async () => {
  world = await MessageWorld.start();
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => {
  await world.lever('/mini-program/settings', { pushes: 'auto' });
  await world.clear();
});

type Answer = 'accept' | 'reject' | 'ban' | 'filter';

/** WeChat's own dialog: its push follows by itself, or when it is let go. */
const ask = ({ personId }: Addressee, answer: 'accept' | 'reject' = 'accept') =>
  world.lever(`/people/${personId}/mini-program/subscribe`, world.asked(answer));
/** What the phone says of it. */
const hint = ({ phone }: Addressee, answer: Answer = 'accept', templateId = world.programTemplate) =>
  phone.call('POST', '/app/message-consents', { answers: [{ templateId, answer }] });
const pushed = async () => {
  await world.lever('/pushes/settled', {});
  await world.test.settle();
};
/** Pushes wait until they are let go. */
const hold = () => world.lever('/mini-program/settings', { pushes: 'held' });
const letGo = async ({ programOpenid }: Addressee, times = 1) => {
  const pushes = await world.lever<{ id: string; state: string; content: { FromUserName: string } }[]>('/pushes');
  for (const { id } of pushes.filter(
    ({ state, content }) => state === 'held' && content.FromUserName === programOpenid,
  ))
    await world.lever(`/pushes/${id}/send`, { times, parallel: true });
  await world.test.settle();
};
const entries = ({ programOpenid, accountOpenid }: Addressee) =>
  world.desk.db.findBy(ConsentEntry, { openid: In([programOpenid, accountOpenid]) });
/** Whose count it is. */
const countOf = ({ customerId, programOpenid: openid }: Addressee) => ({
  customerId,
  appid: world.test.config.MINI_PROGRAM_APPID,
  openid,
  templateId: world.programTemplate,
});

describe('One answer of a person counts once', () => {
  it('when the phone says it first', async () => {
    const customer = await world.customer();
    await hold();
    await ask(customer);
    expect((await hint(customer)).status).toBe(204);
    expect(await world.counted(customer)).toBe(1);
    await letGo(customer);
    expect(await world.counted(customer)).toBe(1);
    expect(await entries(customer)).toMatchObject([{ delta: 1, confirmedBy: expect.stringMatching(/^push:/) }]);
  });

  it('when WeChat says it first', async () => {
    const customer = await world.customer();
    await ask(customer);
    await pushed();
    await hint(customer);
    expect(await world.counted(customer)).toBe(1);
    expect(await entries(customer)).toMatchObject([{ delta: 1, confirmedBy: expect.stringMatching(/^hint:/) }]);
  });

  it('when both say it at the same instant', async () => {
    const customers = await Promise.all(Array.from({ length: 8 }, () => world.customer()));
    await hold();
    for (const customer of customers) await ask(customer);
    await Promise.all(customers.flatMap((customer) => [letGo(customer, 2), hint(customer)]));
    await world.test.settle();
    expect(await Promise.all(customers.map((customer) => world.counted(customer)))).toEqual(Array(8).fill(1));
  });

  it('when both are written down at the same instant, thirty times', async () => {
    const customer = await world.customer();
    const who = countOf(customer);
    for (let n = 1; n <= 30; n += 1) {
      const say = (witness: Witness) =>
        world.desk.transaction((work) =>
          consentAnswered(work, who, {
            isAccepted: true,
            witness,
            source: `${customer.customerId} ${n}`,
            at: work.now(),
          }),
        );
      await Promise.all([say('hint'), say('push')]);
      expect(await world.counted(customer)).toBe(n);
    }
  });

  it('however often WeChat repeats its push', async () => {
    const customer = await world.customer();
    await hold();
    await ask(customer);
    await letGo(customer, 5);
    expect(await world.counted(customer)).toBe(1);
  });

  it('when only the phone says it, because the push was lost', async () => {
    const customer = await world.customer();
    await hold();
    await ask(customer);
    await hint(customer);
    expect(await world.told(customer)).toMatchObject({ state: 'accepted', channel: 'mini-program' });
  });

  it('and two answers count twice, within minutes of each other too', async () => {
    const customer = await world.customer();
    for (let n = 0; n < 2; n += 1) {
      await ask(customer);
      await hint(customer);
      await pushed();
      await world.test.advance(2000);
    }
    expect(await world.counted(customer)).toBe(2);
    await world.test.advance(11 * 60_000);
    await hint(customer);
    await ask(customer);
    await pushed();
    expect(await world.counted(customer)).toBe(3);
  });
});

describe('Nothing is counted', () => {
  it('for a no, told by both', async () => {
    const customer = await world.customer();
    await ask(customer, 'reject');
    await hint(customer, 'reject');
    await pushed();
    expect(await world.counted(customer)).toBe(0);
    expect(await entries(customer)).toMatchObject([{ delta: 0, confirmedBy: expect.any(String) }]);
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable' });
  });

  it.each<Answer>(['ban', 'filter'])('for the answer “%s”', async (answer) => {
    const customer = await world.customer();
    expect((await hint(customer, answer)).status).toBe(204);
    expect(await entries(customer)).toEqual([]);
  });

  it('for a template that is not ours', async () => {
    const customer = await world.customer();
    expect((await hint(customer, 'accept', 'somebody-elses')).status).toBe(204);
    expect(await entries(customer)).toEqual([]);
  });

  it('for a word from the service account’s page, where nobody can be asked', async () => {
    const customer = await world.customer({ follows: true });
    await customer.phone.signInOfficialAccount();
    expect((await hint(customer)).status).toBe(204);
    expect(await entries(customer)).toEqual([]);
  });

  it('for a body that is no answer', async () => {
    const customer = await world.customer();
    for (const answers of [
      [],
      [{ templateId: '', answer: 'accept' }],
      [{ templateId: 'x', answer: 'yes' }],
      'accept',
    ]) {
      const answer = await customer.phone.call('POST', '/app/message-consents', { answers });
      expect(answer).toMatchObject({ status: 422, body: { error: { code: 'request.invalid' } } });
    }
  });
});

describe('Consent goes', () => {
  const withdraw = ({ personId }: Addressee, status = 'reject') =>
    world.lever(`/people/${personId}/mini-program/subscription`, { templateId: world.programTemplate, status });

  it('when the person withdraws it in the settings, all of it', async () => {
    const customer = await world.customer({ consents: 3 });
    await withdraw(customer);
    await pushed();
    expect(await world.counted(customer)).toBe(0);
    expect(await world.told(customer)).toMatchObject({ state: 'unreachable' });
  });

  it('and does not come back because the settings are turned on again', async () => {
    const customer = await world.customer({ consents: 1 });
    await withdraw(customer);
    await withdraw(customer, 'accept');
    await pushed();
    expect(await world.counted(customer)).toBe(0);
  });

  it('never below nothing, though WeChat allowed more than we heard of', async () => {
    const customer = await world.customer({ consents: 1 });
    for (const delivery of ['first', 'second', 'third'])
      await world.desk.transaction((work) =>
        consentUsed(work, countOf(customer), `${delivery} ${customer.customerId}`.slice(0, 60)),
      );
    expect(await world.counted(customer)).toBe(0);
    await world.test.advance(11 * 60_000);
    await hint(customer);
    expect(await world.counted(customer)).toBe(1);
  });

  it('once for one message, however often that is written down', async () => {
    const customer = await world.customer({ consents: 3 });
    for (let n = 0; n < 3; n += 1)
      await world.desk.transaction((work) => consentUsed(work, countOf(customer), 'delivery-1'));
    expect(await world.counted(customer)).toBe(2);
  });

  it('message by message, and never below nothing', async () => {
    const customer = await world.customer({ consents: 1 });
    await hold();
    // Two more that we do not hear of yet.
    await ask(customer);
    await ask(customer);
    const ids = [await world.tell(customer), await world.tell(customer)];
    await world.test.settle();
    await world.test.advance(10_000);
    const states = await Promise.all(ids.map(async (id) => (await world.delivery(id)).state));
    expect(states.filter((state) => state === 'accepted').length).toBeGreaterThanOrEqual(1);
    expect(await world.counted(customer)).toBe(0);
    // Much later, so that it is another answer.
    await world.test.advance(11 * 60_000);
    await hint(customer);
    expect(await world.counted(customer)).toBe(1);
  });
});

/** What can happen to one person and one template; `again`: what happened before is told once more. */
type Happening = { kind: 'accepts' | 'rejects' | 'withdraws' | 'sent' | 'denied' } | { kind: 'again'; which: number };

const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'accepts' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'rejects' as const }, { kind: 'withdraws' as const }) },
  { weight: 3, arbitrary: fc.constantFrom({ kind: 'sent' as const }, { kind: 'denied' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat(20) }) },
);

describe('The count, whatever happens in whatever order, however often it is told,', () => {
  it('is what the events add up to', async () => {
    const customer = await world.customer();
    let runs = 0;
    const property = fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 14 }), async (happenings) => {
      runs += 1;
      const templateId = `template-${runs}`;
      const who = { ...countOf(customer), templateId };
      const told: (() => Promise<void>)[] = [];
      let expected = 0;
      for (const [at, one] of happenings.entries()) {
        const step = one.kind === 'again' ? told[one.which % Math.max(1, told.length)] : tellOf(who, one.kind, at);
        if (one.kind !== 'again') {
          told.push(step!);
          expected = after(expected, one.kind);
        }
        await step?.();
        expect(await consentsLeft(world.desk, who)).toBe(expected);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  const after = (count: number, kind: Exclude<Happening['kind'], 'again'>): number =>
    ({ accepts: count + 1, rejects: count, withdraws: 0, sent: Math.max(0, count - 1), denied: 0 })[kind];

  /** Each is told from a source of its own, far enough from the others not to be taken for the same answer. */
  function tellOf(who: ReturnType<typeof countOf>, kind: Exclude<Happening['kind'], 'again'>, number: number) {
    const source = `${who.templateId}:${number}`;
    const at = new Date(Date.UTC(2026, 10, 25) + number * 3600_000);
    return () =>
      world.desk.transaction((work) => {
        if (kind === 'withdraws') return consentWithdrawn(work, who, source, at);
        if (kind === 'sent') return consentUsed(work, who, source);
        if (kind === 'denied') return consentDenied(work, who, source);
        return consentAnswered(work, who, { isAccepted: kind === 'accepts', witness: 'push', source, at });
      });
  }
});

it('a person whom only the mini-program’s push shows us is met', async () => {
  const phone = await world.test.person();
  await world.lever(`/people/${phone.personId}/mini-program/subscribe`, world.asked());
  await pushed();
  const [entry] = await world.desk.db.find(ConsentEntry, { order: { id: 'DESC' }, take: 1 });
  expect(entry).toMatchObject({ delta: 1, source: expect.stringMatching(/^push:/) });
  const session = await phone.signInMiniProgram();
  expect(session.token).toBeTruthy();
  expect(await world.desk.db.countBy(WechatPush, { kind: 'subscribe_msg_popup_event' })).toBeGreaterThan(0);
});

import { setTimeout as pause } from 'node:timers/promises';
import { Campaign } from '../../entities/campaign.ts';
import type { CampaignBody, CampaignView, TaskView } from '../../src/contracts/index.ts';
import { shanghaiDay } from '../../src/platform/calendar.ts';
import { enqueue } from '../../src/platform/jobs/index.ts';
import { haltLapsed, resumeLapsed } from '../../src/campaigns/index.ts';
import { askDue } from '../../src/verification/index.ts';
import { refusing } from '../support/refusing-desk.ts';
import { until } from '../support/until.ts';
import { CampaignWorld } from './campaign-world.ts';

const DAY_MS = 24 * 3600_000;
const SEND = '/cgi-bin/message/template/send';

let world: CampaignWorld;
afterEach(() => world.stop());

const inDays = (days: number) => new Date(world.test.clock.now().getTime() + days * DAY_MS);
const step = (name: string, more: object = {}) =>
  world.test.lever('/official-account/verification', { step: name, ...more });
/** WeChat says how our own account stands. */
const ask = async () => {
  await askDue(world.desk);
  await world.test.settle();
};
const pushed = async () => {
  await world.test.lever('/pushes/settled', {});
  await world.test.settle();
};
const sent = async () => (await world.test.lever<unknown[]>(`/calls?path=${encodeURIComponent(SEND)}`)).length;
const done = (id: string) => world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'done' }));
const open = async (words: string) =>
  (await world.supervisor.pages<TaskView>('/staff/tasks?limit=100&kind=attention')).filter(({ title }) =>
    title.startsWith(words),
  );
const renew = async () => {
  await step('submit');
  await step('qualification_success');
};

/** The account is verified until then, and we know it. */
async function start(days: number, environment: Record<string, string> = {}): Promise<void> {
  world = await CampaignWorld.start({ environment });
  await step('reset', { until: inDays(days).getTime() });
  await ask();
}

describe('A campaign that would go out after the right to send has lapsed', () => {
  const outcome = async ({ id }: CampaignView) => {
    const submitted = await world.supervisor.call('POST', `/staff/campaigns/${id}/submission`);
    const released = await world.second.call('POST', `/staff/campaigns/${id}/release`);
    return [submitted, released].map(({ status, body }) => body.error?.code ?? status);
  };
  const planned = async (wanted: Partial<CampaignBody>) => {
    const campaign = await world.rehearsed(wanted);
    return { lapse: campaign.rehearsal!.rightsLapse, outcome: await outcome(campaign), id: campaign.id };
  };
  const refused = ['campaign.rights_lapse', 'campaign.rights_lapse'];

  it('is refused with the day and the reason, and shown at the rehearsal', async () => {
    await start(10);
    await world.people(3);
    const day = shanghaiDay(inDays(10));
    const two = await planned({ startAt: inDays(12).toISOString() });
    expect(two).toMatchObject({ lapse: { day, why: expect.stringContaining(day) as string }, outcome: refused });
    const { body } = await world.second.call('POST', `/staff/campaigns/${two.id}/release`);
    expect(body.error!.detail).toEqual(two.lapse);
    expect(await planned({ startAt: inDays(9).toISOString() })).toMatchObject({ lapse: null, outcome: [200, 200] });
    expect(await planned({})).toMatchObject({ lapse: null, outcome: [200, 200] });
  });

  it('because it takes several days is refused, unless it ends before', async () => {
    await start(2, { OFFICIAL_ACCOUNT_DAY_LIMIT: '2' });
    await world.people(9);
    expect((await planned({})).outcome).toEqual(refused);
    expect((await planned({ endAt: inDays(1).toISOString() })).outcome).toEqual([200, 200]);
  });

  it('is refused while the right is gone, whenever it starts', async () => {
    await start(10);
    await world.people(3);
    await step('expire');
    await ask();
    await pushed();
    expect((await planned({})).outcome).toEqual(refused);
    expect((await planned({ startAt: inDays(30).toISOString() })).outcome).toEqual(refused);
  });

  it('of which nothing is known is not refused', async () => {
    world = await CampaignWorld.start();
    await world.people(3);
    expect(await planned({ startAt: inDays(400).toISOString() })).toMatchObject({ lapse: null, outcome: [200, 200] });
  });

  it('by the mini-program alone is not refused', async () => {
    await start(10);
    await world.people(3, () => ({ consents: 1 }));
    expect(await planned({ startAt: inDays(12).toISOString() })).toMatchObject({ lapse: null, outcome: [200, 200] });
  });
});

describe('A campaign under way when the right to send ends', () => {
  const slow = { SENDS_PER_SECOND: '20', CAMPAIGN_IN_FLIGHT: '5' };
  const halted = { state: 'paused', stateReason: 'rights_lapsed' };

  it('is paused with a task that says why, goes on by itself once it is back, and nobody is written to twice', async () => {
    await start(10, slow);
    await world.people(60);
    const { id } = await world.released();
    world.test.world.jobs.start();
    await until('some are there', () => world.received().size >= 10);
    await step('expire');
    await until('it is paused', async () => (await world.see(id)).state === 'paused');
    expect(await world.see(id)).toMatchObject(halted);
    const reached = world.received().size;
    expect(reached).toBeLessThan(60);
    expect(await open('群发任务已暂停')).toMatchObject([{ note: expect.stringContaining('认证过期') as string }]);
    // WeChat's refusal of the first message may have been faster than its event.
    await until('the end is on the list', async () => (await open('认证已过期')).length === 1);
    const tried = await sent();
    await pause(300);
    expect(await sent()).toBe(tried);
    // Nobody makes it go on before.
    expect(await world.supervisor.codeOf('POST', `/staff/campaigns/${id}/resume`)).toBe('campaign.rights_lapse');

    await renew();
    await until('it is done', async () => (await world.see(id)).state === 'done');
    expect([...world.received().values()]).toEqual(Array(60).fill(1));
    expect(await open('群发任务已暂停')).toEqual([]);
    expect(await open('认证已过期')).toEqual([]);
  });

  it('and WeChat did not say so finds out by the refusal: WeChat is asked, and asked again later it is back', async () => {
    await start(10, slow);
    await world.people(20);
    await world.test.lever('/official-account/settings', { verificationEvents: 'drop' });
    await step('expire');
    const { id } = await world.released();
    await world.test.settle();
    expect(await world.see(id)).toMatchObject(halted);
    expect(world.received().size).toBe(0);
    expect(await open('微信拒绝服务号发送')).toHaveLength(1);
    // It was asked about at once.
    expect(await open('认证已过期')).toHaveLength(1);
    const tried = await sent();
    await world.test.advance(3600_000);
    expect(await sent()).toBe(tried);

    await renew();
    await world.test.advance(DAY_MS);
    await ask();
    await done(id);
    expect([...world.received().values()]).toEqual(Array(20).fill(1));
    await world.supervisor.signIn(world.test.clock.now());
    expect(await open('微信拒绝服务号发送')).toEqual([]);
  });

  it('of which a refusal is learned twice, because a server died in between, leaves one task', async () => {
    await start(10);
    const appid = world.desk.config.OFFICIAL_ACCOUNT_APPID;
    const at = world.test.clock.now().toISOString();
    for (const seconds of [0, 60]) {
      await world.test.advance(seconds * 1000);
      await world.desk.transaction((work) => enqueue(work, 'account.refused', { appid, at }));
      await world.test.settle();
    }
    expect(await open('微信拒绝服务号发送')).toHaveLength(1);
  });

  it('that waits for its time is halted too, and afterwards waits again', async () => {
    await start(10);
    await world.people(3);
    const startAt = inDays(5).toISOString();
    const { id } = await world.released({ startAt });
    await world.test.settle();
    await step('expire');
    await pushed();
    expect(await world.see(id)).toMatchObject(halted);
    await renew();
    await pushed();
    expect(await world.see(id)).toMatchObject({ state: 'sleeping', stateReason: 'scheduled', wakeAt: startAt });
    await world.test.advance(5 * DAY_MS);
    await done(id);
    expect([...world.received().values()]).toEqual([1, 1, 1]);
  });

  it('is halted, and goes on, though another one could not be just then', async () => {
    await start(10);
    await world.people(3);
    const startAt = inDays(5).toISOString();
    const campaigns = [await world.released({ startAt }), await world.released({ startAt })];
    await world.test.settle();
    const halted = async () =>
      (await Promise.all(campaigns.map(({ id }) => world.see(id)))).filter(({ state }) => state === 'paused').length;
    await expect(haltLapsed(refusing(world.desk))).rejects.toThrow('the database was away');
    expect(await halted()).toBe(1);
    await haltLapsed(world.desk);
    expect(await halted()).toBe(2);
    await expect(resumeLapsed(refusing(world.desk))).rejects.toThrow('the database was away');
    expect(await halted()).toBe(1);
    await resumeLapsed(world.desk);
    expect(await halted()).toBe(0);
  });

  it('that staff paused stays with staff', async () => {
    await start(10);
    await world.people(8);
    const { id } = await world.released({ startAt: inDays(1).toISOString() });
    await world.test.settle();
    await world.supervisor.data('POST', `/staff/campaigns/${id}/pause`);
    await step('expire');
    await pushed();
    expect(await world.see(id)).toMatchObject({ state: 'paused', stateReason: 'staff' });
    await renew();
    await pushed();
    expect(await world.see(id)).toMatchObject({ state: 'paused', stateReason: 'staff' });
    expect(await open('群发任务已暂停')).toEqual([]);
  });

  it('and released just before is halted once its people are written down', async () => {
    await start(10);
    await world.people(3);
    const { id } = await world.released();
    await step('expire');
    await pushed();
    await world.test.settle();
    expect(await world.see(id)).toMatchObject(halted);
    await renew();
    await pushed();
    await done(id);
    expect([...world.received().values()]).toEqual([1, 1, 1]);
  });

  it('and goes by the mini-program goes on', async () => {
    await start(10);
    await world.people(3, () => ({ consents: 1 }));
    const { id } = await world.released({ startAt: inDays(1).toISOString() });
    await world.test.settle();
    await step('expire');
    await pushed();
    expect(await world.see(id)).toMatchObject({ state: 'sleeping', stateReason: 'scheduled' });
    await world.test.advance(DAY_MS);
    await done(id);
    expect([...world.received().values()]).toEqual([1, 1, 1]);
  });
});

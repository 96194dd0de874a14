import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { DeliveryView, MessageTemplateView } from '../../src/contracts/index.ts';
import { until } from '../support/until.ts';
import { buildStaff } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
afterEach(() => world.stop());
const start = async (environment: Record<string, string> = {}) =>
  void (world = await CampaignWorld.start({ environment }));

const SEND = '/cgi-bin/message/template/send';
const fault = (code: number, more: object = {}) =>
  world.test.lever('/faults', { path: SEND, kind: 'code', code, times: 1, ...more });
const calls = async () => (await world.test.lever<unknown[]>(`/calls?path=${encodeURIComponent(SEND)}`)).length;
const done = (id: string) => world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'done' }));

describe('A released campaign', () => {
  it('reaches everybody once, each by their way, and knows how it ended', async () => {
    await start();
    const people = await world.people(60, (at) => {
      if (at < 40) return { follows: true };
      return at < 50 ? { consents: 1 } : {};
    });
    const { id } = await world.released();
    await done(id);
    await world.test.advance(10_000);
    await world.test.lever('/pushes/settled', {});
    await world.test.settle();
    const progress = await world.progress(id);
    expect(progress).toMatchObject({ state: 'done', people: 60, settled: 60 });
    expect(progress.counts).toMatchObject({ unreachable: 10, delivered: 50, waiting: 0, sending: 0 });
    const received = world.received();
    for (const { accountOpenid } of people.slice(0, 40)) expect(received.get(accountOpenid)).toBe(1);
    for (const { programOpenid } of people.slice(40, 50)) expect(received.get(programOpenid)).toBe(1);
    expect(received.size).toBe(50);
    const rows = await world.supervisor.pages<DeliveryView>(`/staff/campaigns/${id}/deliveries?limit=7`);
    expect(rows).toHaveLength(60);
    const lost = await world.supervisor.pages<DeliveryView>(`/staff/campaigns/${id}/deliveries?state=unreachable`);
    expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['not_following_and_no_consent']));
  });

  it('shows each person their own order and opens it', async () => {
    await start();
    const [person] = await world.people(2);
    const { id } = await world.released();
    await done(id);
    const [card] = world.test.simulator.world.platform.messages.all(person!.personId);
    expect(card).toMatchObject({
      title: '材料提交提醒',
      url: `${world.test.origin}/#/desk/order/index?number=${person!.orderNumber}`,
    });
    expect(card!.rows).toContainEqual({ label: '订单编号', value: person!.orderNumber });
  });

  it('waits for its time, and goes out by itself', async () => {
    await start();
    await world.people(3);
    const startAt = new Date(world.test.clock.now().getTime() + 3600_000).toISOString();
    const { id } = await world.released({ startAt });
    await world.test.settle();
    expect(await world.see(id)).toMatchObject({ state: 'sleeping', stateReason: 'scheduled', wakeAt: startAt });
    expect(world.received().size).toBe(0);
    await world.test.advance(3600_000);
    await done(id);
    expect(world.received().size).toBe(3);
  });

  it('waits for the end of the quiet hours', async () => {
    const hour = (new Date().getUTCHours() + 8) % 24;
    const clock = (at: number) => `${String((at + 24) % 24).padStart(2, '0')}:00`;
    await start({ QUIET_HOURS: `${clock(hour - 1)}-${clock(hour + 2)}` });
    await world.people(3);
    const { id } = await world.released();
    await world.test.settle();
    const asleep = await world.see(id);
    expect(asleep).toMatchObject({ state: 'sleeping', stateReason: 'quiet_hours' });
    expect(asleep.rehearsal!.waitsUntil).toBe(asleep.wakeAt);
    await world.test.advance(Date.parse(asleep.wakeAt!) - world.test.clock.now().getTime() + 1);
    await done(id);
    expect(world.received().size).toBe(3);
  });

  it('can be paused, resumed and stopped', async () => {
    await start({ SENDS_PER_SECOND: '20', CAMPAIGN_IN_FLIGHT: '5' });
    await world.people(200);
    const { id } = await world.released();
    world.test.world.jobs.start();
    await until('ten are there', async () => world.received().size >= 10);
    const address = `/staff/campaigns/${id}`;
    expect(await world.supervisor.codeOf('POST', `${address}/pause`)).toBe(200);
    await world.test.settle();
    const paused = world.received().size;
    expect(paused).toBeLessThan(200);
    await world.test.advance(5000);
    expect(world.received().size).toBe(paused);
    expect(await world.supervisor.codeOf('POST', `${address}/pause`)).toBe('campaign.illegal_move');
    expect(await world.supervisor.codeOf('POST', `${address}/resume`)).toBe(200);
    await until('it goes on', async () => world.received().size > paused + 3);
    expect(await world.supervisor.codeOf('POST', `${address}/stop`)).toBe(200);
    await world.test.settle();
    const { counts } = await world.progress(id);
    expect(counts.cancelled).toBeGreaterThan(0);
    expect(counts.accepted + counts.delivered).toBe(world.received().size);
    expect(counts.cancelled + counts.accepted + counts.delivered).toBe(200);
    expect(await world.supervisor.codeOf('POST', `${address}/resume`)).toBe('campaign.illegal_move');
  });

  it('that should have ended by now writes to nobody more', async () => {
    await start({ SENDS_PER_SECOND: '1' });
    await world.people(5);
    const endAt = new Date(world.test.clock.now().getTime() + 60_000).toISOString();
    const { id } = await world.released({ endAt });
    world.test.clock.advance(61_000);
    await world.test.settle();
    expect(await world.see(id)).toMatchObject({ state: 'done' });
    expect((await world.progress(id)).counts).toMatchObject({ rate_limited: 5 });
    expect(world.received().size).toBe(0);
  });

  it('sends no faster than the rate allows', async () => {
    await start({ SENDS_PER_SECOND: '10' });
    await world.people(35);
    const { id } = await world.released();
    const startedAt = Date.now();
    await done(id);
    // Ten at once, then ten a second.
    expect(Date.now() - startedAt).toBeGreaterThan(2300);
    expect(world.received().size).toBe(35);
  }, 60_000);
});

describe('What WeChat answers', () => {
  it.each([
    ['that the person does not follow', 43004, { state: 'unreachable', reason: 'not_following' }],
    ['that the person refuses', 48002, { state: 'blocked', reason: 'user_refuses' }],
    ['that a field is wrong', 47003, { state: 'refused', reason: 'field_wrong' }],
    ['that a word is forbidden', 45168, { state: 'refused', reason: 'word_forbidden' }],
    ['something that nobody documents', 1119003, { state: 'refused', reason: 'unknown_code' }],
    ['that it does not know the openid', 40003, { state: 'unreachable', reason: 'openid_unknown' }],
  ])('%s ends one message, and the others go on', async (_what, code, end) => {
    await start();
    await world.people(6);
    await fault(code);
    const { id } = await world.released();
    await done(id);
    const rows = await world.deliveries(id);
    expect(rows.filter(({ state }) => state === 'accepted')).toHaveLength(5);
    expect(rows.find(({ state }) => state !== 'accepted')).toMatchObject(end);
    expect(await calls()).toBe(6);
  });

  it('that the person does not follow is made good by the mini-program', async () => {
    await start();
    const people = await world.people(4, () => ({ follows: true, consents: 1 }));
    await fault(43004, { times: 4 });
    const { id } = await world.released();
    await done(id);
    const received = world.received();
    for (const { programOpenid } of people) expect(received.get(programOpenid)).toBe(1);
    expect((await world.deliveries(id)).map(({ channel, state }) => [channel, state])).toEqual(
      Array(4).fill(['mini-program', 'accepted']),
    );
  });

  it('that it is advertising ends that message and pauses the rest', async () => {
    await start({ CAMPAIGN_IN_FLIGHT: '1', CAMPAIGN_LANES: '1', SENDS_PER_SECOND: '20' });
    await world.people(40);
    await fault(40249);
    const { id } = await world.released();
    await world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'paused' }));
    expect(await world.see(id)).toMatchObject({ stateReason: 'marketing_refused' });
    const { counts } = await world.progress(id);
    expect(counts.refused).toBe(1);
    expect(counts.waiting).toBeGreaterThan(0);
  });

  it('that the day’s quota is used up lets it sleep until the quota is new', async () => {
    await start();
    await world.people(5);
    await fault(45009);
    const { id } = await world.released();
    await world.test.settle();
    const asleep = await world.see(id);
    expect(asleep).toMatchObject({ state: 'sleeping', stateReason: 'day_budget' });
    // Beijing midnight.
    expect(asleep.wakeAt).toMatch(/T16:00:00.000Z$/);
    const before = await calls();
    await world.test.advance(60_000);
    expect(await calls()).toBe(before);
    expect(asleep.rehearsal!.budget[0]!.used).toBe(0);
    await world.test.advance(Date.parse(asleep.wakeAt!) - world.test.clock.now().getTime() + 1);
    await world.supervisor.signIn(world.test.clock.now());
    await done(id);
    expect([...world.received().values()]).toEqual([1, 1, 1, 1, 1]);
  });

  it('that it is too much for this minute lets it rest a minute; that it is busy, a moment', async () => {
    await start();
    await world.people(4);
    await fault(45011);
    await fault(-1);
    const { id } = await world.released();
    await world.test.settle();
    expect((await world.see(id)).state).not.toBe('done');
    for (let minute = 0; minute < 3; minute += 1) await world.test.advance(61_000);
    expect((await world.see(id)).state).toBe('done');
    expect([...world.received().values()]).toEqual([1, 1, 1, 1]);
  });

  it.each([
    ['the template is banned', 43116, 'template_banned'],
    ['the template is not there', 40037, 'template_unknown'],
    ['our address is not allowed', 40164, 'address_not_allowed'],
  ])('that %s pauses it, and it goes on when that is mended', async (_what, code, reason) => {
    await start({ CAMPAIGN_IN_FLIGHT: '1', CAMPAIGN_LANES: '1' });
    await world.people(5);
    await fault(code);
    const { id } = await world.released();
    await world.test.settle();
    expect(await world.see(id)).toMatchObject({ state: 'paused', stateReason: reason });
    // One more may have been under way.
    expect(await calls()).toBeLessThanOrEqual(2);
    expect(world.test.logged.join('\n')).toContain('somebody must look at it');
    const { bindings } = (await world.supervisor.data<MessageTemplateView[]>('GET', '/staff/message-templates')).find(
      ({ message }) => message === 'materials-wanted',
    )!;
    if (bindings[0]!.state === 'stopped') await resumeTemplate(world.test);
    await world.supervisor.data('POST', `/staff/campaigns/${id}/resume`);
    await done(id);
    expect([...world.received().values()]).toEqual([1, 1, 1, 1, 1]);
  });

  it('never: what may have been sent is asked for again where WeChat holds repeats back, so nobody gets two', async () => {
    await start();
    await world.people(8);
    await world.test.lever('/faults', { path: SEND, kind: 'reset-after-effect', times: 3 });
    const { id } = await world.released();
    await world.test.settle();
    await world.test.advance(3000);
    await done(id);
    expect((await world.progress(id)).counts).toMatchObject({ unknown: 0 });
    expect([...world.received().values()]).toEqual(Array(8).fill(1));
  });

  it.each(['pause', 'stop'])('never, and staff %s it, comes to its end all the same', async (deed) => {
    await start({ SENDS_PER_SECOND: '4', CAMPAIGN_IN_FLIGHT: '2', CAMPAIGN_LANES: '1' });
    await world.people(40);
    await world.test.lever('/faults', { path: SEND, kind: 'reset-after-effect', times: 3 });
    const { id } = await world.released();
    world.test.world.jobs.start();
    await until('some are there', () => world.received().size >= 3);
    expect(await world.supervisor.codeOf('POST', `/staff/campaigns/${id}/${deed}`)).toBe(200);
    await until('nothing is under way', async () => {
      return !(await world.desk.db.existsBy(MessageDelivery, { campaignId: id, state: 'sending' }));
    });
    const { counts } = await world.progress(id);
    expect(counts).toMatchObject({ unknown: 0 });
    expect(counts.accepted + counts.delivered).toBe(world.received().size);
    expect(world.received().size).toBeLessThan(40);
    expect(new Set(world.received().values())).toEqual(new Set([1]));
  });

  it('never, by the mini-program, is unknown and said so, and never sent again', async () => {
    await start();
    await world.people(5, () => ({ consents: 2 }));
    const path = '/cgi-bin/message/subscribe/send';
    await world.test.lever('/faults', { path, kind: 'reset-after-effect', times: 2 });
    const { id } = await world.released();
    await world.test.settle();
    await world.test.advance(3000);
    await done(id);
    const { unknown: lost, accepted, delivered } = (await world.progress(id)).counts;
    expect([lost, accepted + delivered]).toEqual([2, 3]);
    expect([...world.received().values()]).toEqual(Array(5).fill(1));
    const unknown = await world.desk.db.findBy(MessageDelivery, { state: 'unknown' });
    expect(new Set(unknown.map(({ reason }) => reason)).size).toBe(1);
  });
});

async function resumeTemplate(test: CampaignWorld['test']): Promise<void> {
  const editor = await buildStaff(test, ['content_editor']);
  await editor.data('POST', '/staff/message-templates/materials-wanted/bindings/official-account/resume');
}

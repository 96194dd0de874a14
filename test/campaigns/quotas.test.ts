import { Campaign } from '../../entities/campaign.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
afterEach(() => world.stop());
const start = async (environment: Record<string, string> = {}) =>
  void (world = await CampaignWorld.start({ environment }));

const TEMPLATE = '/cgi-bin/message/template/send';
const SUBSCRIBE = '/cgi-bin/message/subscribe/send';
const DAY_MS = 24 * 3600_000;
const done = (id: string) => world.test.until(() => world.desk.db.existsBy(Campaign, { id, state: 'done' }));
const sent = async (path: string) =>
  (await world.test.lever<unknown[]>(`/calls?path=${encodeURIComponent(path)}`)).length;
const budgetOf = async () => (await world.rehearsed()).rehearsal!.budget;
const quota = (kind: 'official-account' | 'mini-program', path: string, change: object) =>
  world.test.lever(`/${kind}/quotas`, { path, ...change });

describe('The budget of the day', () => {
  it('is WeChat’s own, which knows what others sent for the account too', async () => {
    await start();
    await world.people(10, (at) => (at < 8 ? { follows: true } : { consents: 1 }));
    await quota('official-account', TEMPLATE, { daily: 20, used: 15 });
    expect(await budgetOf()).toEqual([
      { app: 'official-account', limit: 20, used: 15, needed: 8, days: 2, countedBy: 'wechat' },
      expect.objectContaining({ app: 'mini-program', needed: 2, days: 1, countedBy: 'wechat' }) as unknown,
    ]);
  });

  it('is never more than our own settings and our own count leave', async () => {
    await start({ OFFICIAL_ACCOUNT_DAY_LIMIT: '6' });
    await world.people(4);
    const { id } = await world.released();
    await done(id);
    await quota('official-account', TEMPLATE, { used: 0 });
    const [account] = await budgetOf();
    expect(account).toEqual({ app: 'official-account', limit: 6, used: 4, needed: 4, days: 2, countedBy: 'wechat' });
  });

  it('is our own count while WeChat does not say', async () => {
    await start();
    await world.people(2);
    await world.test.lever('/faults', { path: '/cgi-bin/openapi/quota/get', kind: 'html-502', times: 10 });
    const [account] = await budgetOf();
    expect(account).toMatchObject({ limit: 100_000, used: 0, countedBy: 'us' });
  });
});

describe('The mini-program', () => {
  it('goes on while the service account has sent what it may today', async () => {
    await start({ OFFICIAL_ACCOUNT_DAY_LIMIT: '3' });
    await world.people(9, (at) => (at < 5 ? { follows: true } : { consents: 1 }));
    const { id } = await world.released();
    await world.test.settle();
    expect(await world.see(id)).toMatchObject({ state: 'sleeping', stateReason: 'day_budget' });
    expect([await sent(TEMPLATE), await sent(SUBSCRIBE)]).toEqual([3, 4]);
    await world.test.advance(DAY_MS);
    await done(id);
    expect([await sent(TEMPLATE), await sent(SUBSCRIBE)]).toEqual([5, 4]);
    expect([...world.received().values()]).toEqual(Array(9).fill(1));
  });

  it('keeps its own limit of the day, and the service account goes on', async () => {
    await start({ MINI_PROGRAM_DAY_LIMIT: '2' });
    await world.people(9, (at) => (at < 5 ? { follows: true } : { consents: 1 }));
    const { id } = await world.released();
    await world.test.until(async () => (await sent(TEMPLATE)) === 5);
    await world.test.settle();
    expect([await sent(TEMPLATE), await sent(SUBSCRIBE)]).toEqual([5, 2]);
    await world.test.advance(DAY_MS);
    await done(id);
    expect(await sent(SUBSCRIBE)).toBe(4);
    expect([...world.received().values()]).toEqual(Array(9).fill(1));
  });

  it('whose quota WeChat says is used up waits for the new day, and nobody else does', async () => {
    await start();
    await world.people(6, (at) => (at < 3 ? { follows: true } : { consents: 1 }));
    await quota('mini-program', SUBSCRIBE, { daily: 1 });
    const { id } = await world.released();
    await world.test.until(async () => (await sent(TEMPLATE)) === 3);
    await world.test.settle();
    expect(world.received().size).toBe(4);
    await quota('mini-program', SUBSCRIBE, { daily: 100 });
    await world.test.advance(DAY_MS);
    await done(id);
    expect([...world.received().values()]).toEqual(Array(6).fill(1));
  });

  it('sends no faster than the rate allows', async () => {
    await start({ SENDS_PER_SECOND: '10' });
    await world.people(30, () => ({ consents: 1 }));
    const startedAt = Date.now();
    const { id } = await world.released();
    await done(id);
    expect(Date.now() - startedAt).toBeGreaterThan(1800);
    expect([...world.received().values()]).toEqual(Array(30).fill(1));
  }, 60_000);
});

import { readXlsx } from 'hucre/xlsx';
import { Customer } from '../../entities/customer.ts';
import type { CampaignProgressView } from '../../src/contracts/index.ts';
import { buildStaff } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
beforeEach(
  async () =>
    void (world = await CampaignWorld.start({ environment: { SENDS_PER_SECOND: '20', CAMPAIGN_IN_FLIGHT: '5' } })),
  60_000,
);
afterEach(() => world.stop());

const get = (address: string, who = world.supervisor, signal?: AbortSignal) =>
  fetch(`${world.test.origin}${address}`, {
    headers: { authorization: `Bearer ${who.token}` },
    ...(signal ? { signal } : {}),
  });

describe('A campaign under way', () => {
  it('is watched live, from its beginning to its end', async () => {
    await world.people(90);
    const { id } = await world.released();
    world.test.world.jobs.start();
    const answer = await get(`/staff/campaigns/${id}/events`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const text = await answer.text();
    const seen = [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].map(
      (match) => JSON.parse(match[1]!) as CampaignProgressView,
    );
    expect(seen.length).toBeGreaterThan(1);
    const settled = seen.map((progress) => progress.settled);
    expect(settled).toEqual(settled.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ state: 'done', people: 90, settled: 90 });
    expect(seen.some(({ perSecond, secondsLeft }) => perSecond !== null && secondsLeft !== null)).toBe(true);
  }, 60_000);

  it('is left alone by who goes away, and shown to nobody who may not', async () => {
    await world.people(3);
    const { id } = await world.released();
    const going = new AbortController();
    const answer = await get(`/staff/campaigns/${id}/events`, world.supervisor, going.signal);
    const reader = answer.body!.getReader();
    await reader.read();
    going.abort();
    await expect(reader.read()).rejects.toThrow();
    const finance = await buildStaff(world.test, ['finance']);
    expect((await get(`/staff/campaigns/${id}/events`, finance)).status).toBe(403);
    expect((await get(`/staff/campaigns/${id}/export`, finance)).status).toBe(403);
    expect((await get('/staff/campaigns/01890000-0000-7000-8000-000000000000/events')).status).toBe(404);
    await world.test.settle();
    expect(world.test.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

describe('What became of everybody', () => {
  const HARMFUL = '=HYPERLINK("http://evil.example.com")';

  async function ended() {
    const [first] = await world.people(2300, (at) => (at < 4 ? { follows: true } : {}));
    const { desk } = world;
    await desk.transaction((work) => work.db.update(Customer, { id: first!.customerId }, { nickname: HARMFUL }));
    const { id } = await world.released({ name: '催收：十一月[1/2]' });
    await world.test.until(async () => (await world.see(id)).state === 'done');
    return id;
  }

  it('is exported as xlsx and csv, whole, in Chinese, and no nickname is a formula', async () => {
    const id = await ended();
    const xlsx = await get(`/staff/campaigns/${id}/export`);
    expect(xlsx.headers.get('content-disposition')).toContain(encodeURIComponent('催收'));
    const book = await readXlsx(new Uint8Array(await xlsx.arrayBuffer()));
    const [header, ...rows] = book.sheets[0]!.rows;
    expect(header!.slice(0, 3)).toEqual(['客户', '订单编号', '状态']);
    expect(rows).toHaveLength(2300);
    expect(rows.filter((row) => row[2] === '微信已受理')).toHaveLength(4);
    expect(rows.filter((row) => row[4] === '未关注服务号，且无可用订阅次数')).toHaveLength(2296);
    expect(rows[0]![0]).toBe(HARMFUL);
    expect(rows[0]![5]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);

    const csv = await get(`/staff/campaigns/${id}/export?format=csv&state=accepted`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = Buffer.from(await csv.arrayBuffer())
      .toString('utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFF客户,订单编号,状态/);
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^"?'=HYPERLINK/);
  }, 60_000);

  it('and a format that there is not is refused', async () => {
    const { id } = await world.draft();
    expect(await world.supervisor.codeOf('GET', `/staff/campaigns/${id}/export?format=pdf`)).toBe('request.invalid');
  });
});

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Job } from '../../entities/job.ts';
import { ReconciliationDay } from '../../entities/reconciliation.ts';
import type { BillView, TaskView } from '../../src/contracts/index.ts';
import { dayAfter } from '../../src/platform/calendar.ts';
import { enqueue } from '../../src/platform/jobs/index.ts';
import { fetchDueBills } from '../../src/reconciliation/index.ts';
import { refusing } from '../support/refusing-desk.ts';
import { FinanceWorld } from './finance-world.ts';

let world: FinanceWorld;
beforeEach(async () => {
  world = await FinanceWorld.start();
}, 60_000);
afterEach(() => world.stop());

const fault = (kind: string, more: object = {}) =>
  world.test.lever('/faults', { path: '/v3/bill/tradebill', kind, times: 1, ...more });
const bills = (query = '') => world.maker.pages<BillView>(`/staff/bills?limit=100${query}`);

async function download(id: string): Promise<Buffer> {
  const answer = await fetch(`${world.test.origin}/staff/bills/${id}/file`, {
    headers: { authorization: `Bearer ${world.maker.token}` },
  });
  return Buffer.from(await answer.arrayBuffer());
}

async function upload(bytes: Uint8Array, query: Record<string, string>, type = 'text/csv') {
  const answer = await fetch(`${world.test.origin}/staff/bills?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.maker.token}`, 'content-type': type },
    body: bytes,
  });
  const body = (await answer.json()) as { data?: BillView; error?: { code: string; detail?: { fault?: string } } };
  return { status: answer.status, bill: body.data!, code: body.error?.code, fault: body.error?.detail?.fault };
}

/** A day with one sale, whose bills are kept. */
async function keptDay(): Promise<{ day: string; bill: BillView; text: string }> {
  await world.sell();
  const day = await world.nextMorning();
  const [bill] = await bills('&kind=trade');
  return { day, bill: bill!, text: gunzipSync(await download(bill!.id)).toString('utf8') };
}

const own = () => world.desk.config.WECHAT_PAY_MCHID;

describe('A bill that is fetched', () => {
  it('is kept as it came, with its hash', async () => {
    const { day, bill, text } = await keptDay();
    expect(bill).toMatchObject({ version: 1, source: 'wechat', state: 'current', totals: { rows: 1, payments: 1 } });
    expect(createHash('sha1').update(text).digest('hex')).toBe(bill.sha1);
    expect(text).toContain('交易时间');
    // Twice the same is once.
    await world.desk.transaction((work) =>
      work.db.update(ReconciliationDay, { day }, { trade: 'wanted', nextTryAt: work.now() }),
    );
    await world.fetch();
    expect(await bills('&kind=trade')).toHaveLength(1);
  });

  it.each([
    ['bill-late', 'creating'],
    ['bill-empty', 'none_but_books'],
    ['bill-wrong-hash', 'hash_differs'],
    ['bill-cut', 'unreadable'],
    ['bill-wrong-sum', 'unreadable'],
    ['bill-missing-column', 'unreadable'],
    ['bill-extra-column', 'unreadable'],
    ['bill-long-line', 'unreadable'],
    ['bill-foreign-merchant', 'unreadable'],
    ['bill-foreign-token', 'refused'],
    ['html-502', 'unreachable'],
  ])('is not taken when WeChat gives %s, and is asked for again', async (kind, failure) => {
    await world.sell();
    const day = await world.sleep();
    await fault(kind, kind === 'html-502' ? { times: 2 } : {});
    await world.fetch();
    expect(await world.day(day)).toMatchObject({ state: 'waiting', trade: 'wanted', fundFlow: 'kept', failure });
    expect(await bills('&kind=trade')).toEqual([]);
    await world.test.advance(15 * 60_000);
    await world.fetch();
    expect(await world.day(day)).toMatchObject({ state: 'matched', trade: 'kept', failure: null, openDifferences: 0 });
  });

  it('is taken without a mark, and in the older layout', async () => {
    for (const kind of ['bill-no-bom', 'bill-older-layout']) {
      await world.sell();
      const day = await world.sleep();
      await fault(kind);
      await world.fetch();
      expect(await world.day(day)).toMatchObject({ state: 'matched', trade: 'kept', openDifferences: 0 });
    }
  });

  it('is fetched though those of another day could not be kept just then', async () => {
    await world.sell();
    const first = await world.sleep();
    await world.sell();
    const second = await world.sleep();
    // The first of its transactions lists the days.
    await fetchDueBills(refusing(world.desk, 2));
    await world.test.settle();
    const states = async () => [(await world.day(first)).state, (await world.day(second)).state];
    expect(await states()).toEqual(['waiting', 'matched']);
    await world.fetch();
    expect(await states()).toEqual(['matched', 'matched']);
  });

  it('is asked for in turn, however many earlier days fail again and again', async () => {
    await world.sell();
    for (let days = 0; days < 32; days += 1) await world.test.advance(24 * 3600_000);
    for (const who of [world.maker, world.checker]) await who.signIn(world.test.clock.now());
    const last = await world.sleep();
    await fault('bill-late', { times: 100_000 });
    await world.fetch();
    expect(await world.day(last)).toMatchObject({ failure: null });
    await world.test.advance(15 * 60_000);
    await world.fetch();
    expect(await world.day(last)).toMatchObject({ failure: 'creating' });
  });

  it('is empty only on a day on which our books are', async () => {
    await world.sell();
    await world.nextMorning();
    const quiet = await world.nextMorning();
    expect(await world.day(quiet)).toMatchObject({
      state: 'matched',
      trade: 'empty',
      fundFlow: 'empty',
      differences: 0,
    });
  });

  it('is a task when it does not come, and another one before WeChat gives it no more', async () => {
    await world.sell();
    const day = await world.sleep();
    await fault('bill-late', { times: 100_000 });
    const missing = async () =>
      (await world.maker.pages<TaskView>('/staff/tasks?limit=100')).filter(({ title }) => title.includes('账单'));
    await world.fetch();
    expect(await missing()).toEqual([]);
    for (let days = 0; days < 4; days += 1) await world.sleep();
    await world.fetch();
    expect((await missing()).map(({ title }) => title)).toContain(`${day} 的微信账单尚未取得`);
    await world.test.advance(75 * 24 * 3600_000);
    await world.sleep();
    await world.fetch();
    expect((await missing()).map(({ title }) => title)).toContain(
      `${day} 的微信账单将于 ${dayAfter(day, 89)} 后无法获取`,
    );

    // Both are off the list once both bills are here; those of other days stay.
    await world.test.lever('/faults', undefined, 'DELETE');
    await world.maker.data('POST', `/staff/reconciliation/days/${day}/fetch`);
    await world.test.settle();
    expect(await world.day(day)).toMatchObject({ trade: 'kept', fundFlow: 'kept' });
    const titles = (await missing()).map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith(day))).toEqual([]);
    expect(titles).not.toEqual([]);
  });
});

describe('A bill that is uploaded', () => {
  it('is another version when its content is another one, and the day is compared anew', async () => {
    const { day, bill, text } = await keptDay();
    expect((await upload(Buffer.from(text), { kind: 'trade', day, mchid: own() })).bill.id).toBe(bill.id);
    const packed = gzipSync(text);
    expect((await upload(packed, { kind: 'trade', day, mchid: own() }, 'application/gzip')).bill.id).toBe(bill.id);

    const other = text.replace(/\r\n/g, '\n');
    const uploaded = await upload(Buffer.from(other), { kind: 'trade', day, mchid: own() });
    expect([uploaded.status, uploaded.bill]).toMatchObject([201, { version: 2, source: 'upload', state: 'current' }]);
    await world.test.settle();
    expect((await bills('&kind=trade')).map(({ version, state }) => [version, state])).toEqual([
      [2, 'current'],
      [1, 'superseded'],
    ]);
    expect(await world.day(day)).toMatchObject({ version: 2, openDifferences: 0 });

    const again = await upload(Buffer.from(text), { kind: 'trade', day, mchid: own() });
    expect(again.bill).toMatchObject({ id: bill.id, version: 1, state: 'current' });
    await world.test.settle();
    expect((await bills('&kind=trade')).map(({ state }) => state)).toEqual(['superseded', 'current']);
    expect(await world.day(day)).toMatchObject({ version: 3 });
  });

  it('of a closed day is set aside, and the books stay as they are', async () => {
    const { day, text } = await keptDay();
    expect(await world.close(day)).toBe(201);
    const { bill } = await upload(Buffer.from(text.replace(/\r\n/g, '\n')), { kind: 'trade', day, mchid: own() });
    expect(bill).toMatchObject({ version: 2, state: 'set_aside', reason: '该日已结账，留存待查' });
    await world.test.settle();
    expect(await world.day(day)).toMatchObject({ state: 'closed', version: 1 });
    expect(await world.maker.codeOf('POST', `/staff/reconciliation/days/${day}/runs`)).toBe('period.closed');
    await world.desk.transaction((work) => enqueue(work, 'reconciliation.match', { day }));
    await world.test.settle();
    expect(await world.day(day)).toMatchObject({ state: 'closed', version: 1 });
    expect(await world.desk.db.findBy(Job, { kind: 'reconciliation.match' })).toEqual([]);
  });

  it('of another merchant is kept by itself', async () => {
    const { day, text } = await keptDay();
    const foreign = Buffer.from(text.replaceAll(`\`${own()},`, '`1999999999,'));
    const { bill } = await upload(foreign, { kind: 'trade', day, mchid: '1999999999' });
    expect(bill).toMatchObject({ mchid: '1999999999', version: 1, state: 'current' });
    expect(await world.day(day)).toMatchObject({ version: 1 });
  });

  it.each([
    ['foreign_merchant', (text: string) => Buffer.from(text), { mchid: '1999999999' }],
    ['foreign_day', (text: string) => Buffer.from(text), { day: '2026-01-01' }],
    ['not_gzip', (text: string) => gzipSync(text).subarray(0, 200), {}],
    ['not_gzip', () => Buffer.from([0x1f, 0x8b, 1, 2, 3]), {}],
    ['summary_missing', (text: string) => Buffer.from(text.slice(0, text.indexOf('总交易单数'))), {}],
    ['header_missing', () => Buffer.alloc(0), {}],
    ['header_missing', (text: string) => Buffer.from(text), { kind: 'fund_flow' }],
    ['summary_differs', (text: string) => Buffer.from(text.replace(/`1,`/, '`2,`')), {}],
  ])('is refused, saying %s, and nothing is kept', async (fault_, spoil, more) => {
    const { day, text } = await keptDay();
    const refused = await upload(spoil(text), { kind: 'trade', day, mchid: own(), ...more });
    expect([refused.status, refused.code, refused.fault]).toEqual([422, 'bill.unusable', fault_]);
    expect(await bills()).toHaveLength(2);
  });
});

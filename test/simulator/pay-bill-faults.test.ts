import { gunzipSync } from 'node:zlib';
import { OTHER_MCHID } from '../../simulator/src/pay/merchant.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { at, billWorld, DAY, NEXT_DAY, readBill, sha1, type ReadBill } from './bill-support.ts';
import { pull } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

let simulator: RunningSimulator;
let world: ReturnType<typeof billWorld>;

beforeAll(async () => {
  simulator = await startTestSimulator({ now: Date.parse('2026-11-02T02:00:00Z') });
  world = billWorld(simulator);
});
beforeEach(async () => {
  await simulator.world.reset();
  await pull(simulator, '/clock', { frozen: true });
  await pull(simulator, '/notices/settings', { mode: 'held' });
  await world.refund(await world.pay(10_000), 3000);
  await world.moveTo(`${NEXT_DAY} 10:00:00`);
});
afterAll(() => simulator.stop());

const fault = (kind: string, more: object = {}) => pull(simulator, '/faults', { kind, path: '/v3/bill/', ...more });
const apply = (bill = 'trade') => world.apply(`bill_date=${DAY}`, bill);

/** The plain file under one fault, its hash right all the same; then the sound one. */
async function spoiled(kind: string, bill = 'trade'): Promise<[ReadBill, ReadBill]> {
  await fault(kind);
  const applied = await apply(bill);
  const { bytes } = await world.fetchFile(applied);
  expect(sha1(bytes)).toBe(applied.json.hash_value);
  const sound = await world.fetchFile(await apply(bill));
  return [readBill(bytes), readBill(sound.bytes)];
}

describe('a fault of a bill', () => {
  it('is late until an instant, or denies that there was anything', async () => {
    await fault('bill-late', { until: at(`${NEXT_DAY} 11:30:00`) });
    for (const time of ['10:00:00', '11:29:59']) {
      await world.moveTo(`${NEXT_DAY} ${time}`);
      expect((await apply()).json.code).toBe('STATEMENT_CREATING');
    }
    await world.moveTo(`${NEXT_DAY} 11:30:00`);
    expect((await apply()).status).toBe(200);
    await fault('bill-empty');
    expect((await apply('fundflow')).json.code).toBe('NO_STATEMENT_EXIST');
    expect((await apply('fundflow')).status).toBe(200);
  });

  it('tells the hash of something else', async () => {
    await fault('bill-wrong-hash');
    const wrong = await apply();
    const { bytes } = await world.fetchFile(wrong);
    expect(sha1(bytes)).not.toBe(wrong.json.hash_value);
    expect(sha1(bytes)).toBe((await apply()).json.hash_value);
  });

  it('hands out a token that belongs to another merchant', async () => {
    await fault('bill-foreign-token');
    const refused = await world.fetchFile(await apply());
    expect([refused.status, refused.json.code]).toEqual([403, 'NO_AUTH']);
  });

  it('cuts the file in the middle, packed or not', async () => {
    await fault('bill-cut', { times: 2 });
    const packed = await world.fetchFile(await world.apply(`bill_date=${DAY}&tar_type=GZIP`));
    expect(() => gunzipSync(packed.bytes)).toThrow('unexpected end of file');
    const applied = await apply();
    expect(sha1((await world.fetchFile(applied)).bytes)).not.toBe(applied.json.hash_value);
  });

  it('leaves out the byte order mark', async () => {
    const [bare, sound] = await spoiled('bill-no-bom');
    expect(bare.bytes.equals(sound.bytes.subarray(3))).toBe(true);
  });

  it('sums up wrongly', async () => {
    const [wrong, sound] = await spoiled('bill-wrong-sum');
    expect(wrong.rows).toEqual(sound.rows);
    expect([sound.sums['应结订单总金额'], wrong.sums['应结订单总金额']]).toEqual(['100.00', '100.01']);
    const [fund] = await spoiled('bill-wrong-sum', 'fundflow');
    expect(fund.sums['收入金额']).toBe('100.01');
  });

  it('leaves out a column that matters, or adds one that nobody knows', async () => {
    const [less, sound] = await spoiled('bill-missing-column');
    const { 商户订单号: _, ...left } = sound.rows[0]!;
    expect(less.rows[0]).toEqual(left);
    expect(Object.keys((await spoiled('bill-missing-column', 'fundflow'))[0].rows[0]!)).not.toContain('收支金额(元)');
    const [more] = await spoiled('bill-extra-column');
    expect(more.rows[0]).toEqual({ ...sound.rows[0], 新增字段: '1' });
  });

  it('goes back to the older layout', async () => {
    const [older, sound] = await spoiled('bill-older-layout');
    expect(Object.keys(older.rows[0]!)).toHaveLength(24);
    expect(older.rows[1]).toMatchObject({ 总金额: '0.00', 企业红包金额: '0.00', 退款金额: '30.00' });
    expect(older.sums).toEqual({
      总交易单数: '2',
      总交易额: sound.sums['应结订单总金额'],
      总退款金额: '30.00',
      总企业红包退款金额: '0.00',
      手续费总金额: '0.42000',
    });
  });

  it('has a very long line', async () => {
    const [long, sound] = await spoiled('bill-long-line');
    expect(long.rows[0]!['商户数据包']).toHaveLength(2 ** 20);
    expect(long.rows[1]).toEqual(sound.rows[1]);
    expect((await spoiled('bill-long-line', 'fundflow'))[0].rows[0]!['备注']).toHaveLength(2 ** 20);
  });

  it('names another merchant in its rows', async () => {
    const [foreign] = await spoiled('bill-foreign-merchant');
    expect(foreign.rows.map((row) => row['商户号'])).toEqual([OTHER_MCHID, OTHER_MCHID]);
  });

  it('refuses an instant that is none', async () => {
    await expect(fault('bill-late', { until: 'noon' })).rejects.toThrow('until is an instant');
  });
});

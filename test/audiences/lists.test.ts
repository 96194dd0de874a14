import { buffer } from 'node:stream/consumers';
import { AudienceList, ListedPerson, ListFault } from '../../entities/audience-list.ts';
import { removeUnread } from '../../src/audiences/index.ts';
import type { AudienceListView, ListFaultView, Page } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { readTable } from '../../src/platform/files/read-table.ts';
import { writeSpreadsheet } from '../../src/platform/files/spreadsheet.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { CampaignWorld } from '../campaigns/campaign-world.ts';
import type { Somebody } from '../support/people.ts';
import { zip } from '../support/zip.ts';

let world: CampaignWorld;
let people: Somebody[];
beforeAll(async () => {
  world = await CampaignWorld.start();
  people = await world.people(6);
}, 60_000);
afterAll(() => world.stop());

const csv = (...rows: string[]) => Buffer.from(rows.join('\r\n'));
const numbers = () => people.map(({ orderNumber }) => orderNumber);
const materials = '所需材料';
const due = '截止时间';

async function upload(
  bytes: Buffer,
  { who = world.supervisor, message = 'materials-wanted', name = '十一月催收名单' } = {},
): Promise<{ status: number; body: { data?: AudienceListView; error?: { code: string; detail?: unknown } } }> {
  const query = new URLSearchParams({ name, message });
  const answer = await fetch(`${who.origin}/staff/audience-lists?${query.toString()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
async function kept(bytes: Buffer): Promise<AudienceListView> {
  const { status, body } = await upload(bytes);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.data!;
}
const codeOf = async (bytes: Buffer, wanted?: Parameters<typeof upload>[1]) => {
  const { status, body } = await upload(bytes, wanted);
  return body.error?.code ?? status;
};
const faultsOf = async (id: string, who: StaffClient = world.supervisor) =>
  who.pages<ListFaultView>(`/staff/audience-lists/${id}/faults?limit=2`);
const draft = (listId: string, facts: object, who = world.supervisor) =>
  who.call<{ data: { id: string }; error?: { code: string; detail: unknown } }>('POST', '/staff/campaigns', {
    ...world.body({ audience: { kind: 'list', listId } }),
    facts,
  });

describe('An uploaded list', () => {
  it('keeps its good rows and reports each bad one with its line', async () => {
    const [one, two, three, four] = numbers();
    const list = await kept(
      csv(
        `订单编号,${materials},${due}`,
        `${one},营业执照副本,2027-01-31 18:00`,
        `TB00000000000000,营业执照副本,2027-01-31 18:00`,
        `${two},${'很长的材料名称'.repeat(4)},2027-01-31 18:00`,
        '',
        `${two},法人身份证,2027/2/1 9:30`,
        `${one},再来一次,2027-01-31 18:00`,
        `${three},营业执照副本,2027-02-31 18:00`,
        `,营业执照副本,2027-01-31 18:00`,
        `${four},限时优惠,2027-01-31 18:00`,
        `${four},营业执照副本,2027-01-31 18:00,多,余,三列`,
      ),
    );
    expect(list).toMatchObject({
      kept: 2,
      faulty: 7,
      state: 'ready',
      facts: ['materials', 'dueAt'],
      title: '材料提交提醒',
    });
    const faults = await faultsOf(list.id);
    expect(faults.map(({ line, words }) => `${line} ${words}`)).toEqual([
      '3 没有找到这个订单或客户',
      `4 ${materials}：最多 20 个字`,
      '7 与第 2 行是同一位客户，每人只发一条',
      `8 ${due}：请写成 2026-11-30 18:00`,
      '9 没有填写订单编号或客户编号',
      '10 所需材料：含有营销用语“优惠”，服务通知只能告知与客户事项有关的内容',
      '11 多出 3 列',
    ]);
    const rows = await world.desk.db.find(ListedPerson, { where: { listId: list.id }, order: { line: 'ASC' } });
    expect(rows.map(({ line, facts }) => [line, facts])).toEqual([
      [2, { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00.000Z' }],
      [6, { materials: '法人身份证', dueAt: '2027-02-01T01:30:00.000Z' }],
    ]);
    const address = `/staff/audience-lists/${list.id}/faults/export?format=csv`;
    const file = await world.supervisor.call<string>('GET', address);
    expect(file.body.split('\r\n')).toHaveLength(9);
  });

  it('can be filled into the sample, in xlsx, and name customers instead of orders', async () => {
    const sample = await fetch(`${world.test.origin}/staff/audience-lists/sample?message=order-paid`, {
      headers: { authorization: `Bearer ${world.supervisor.token}` },
    });
    const titles: string[][] = [];
    for await (const { cells } of readTable(Buffer.from(await sample.arrayBuffer()))) titles.push(cells);
    expect(titles).toEqual([['订单编号', '服务项目', '支付金额（元）', '支付时间']]);

    async function* rows() {
      for (const { customerId } of people) yield [customerId, '1,299.5', '2026-11-25 09:00:00', '电销卡审核'];
    }
    const columns = ['客户编号', 'amountFen', '支付时间', 'serviceName'].map((title) => ({ title, width: 20 }));
    const bytes = await buffer(writeSpreadsheet('xlsx', { name: '名单', columns, rows: rows() }));
    const { body } = await upload(bytes, { message: 'order-paid' });
    expect(body.data).toMatchObject({ kept: 6, faulty: 0 });
    const [row] = await world.desk.db.findBy(ListedPerson, { listId: body.data!.id });
    expect(row!.facts).toMatchObject({ amountFen: 129_950, paidAt: '2026-11-25T01:00:00.000Z' });
  });

  it.each([
    [
      'with three columns too many',
      () => csv(`订单编号,${materials},备注,电话,地址`, `${numbers()[0]},a,b,c,d`),
      'request.invalid',
    ],
    ['with a column twice', () => csv(`订单编号,${materials},materials`, `${numbers()[0]},a,b`), 'request.invalid'],
    ['that names nobody', () => csv(materials, '营业执照'), 'request.invalid'],
    ['with titles only', () => csv(`订单编号,${materials}`), 'audience.list_empty'],
    ['with nothing in it', () => Buffer.alloc(0), 'audience.list_empty'],
    ['that is a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'audience.list_unreadable'],
    ['with a quote that nobody closes', () => csv('订单编号', `${numbers()[0]}`, '"x'), 'audience.list_unreadable'],
    [
      'that is a zip bomb',
      () => zip('xl/worksheets/sheet1.xml', Buffer.alloc(64 * 1024 * 1024)),
      'audience.list_unreadable',
    ],
    ['of 50 MB', () => Buffer.alloc(50 * 1024 * 1024, 'x'), 'request.too_large'],
  ])('%s leaves nothing', async (_what, bytes, code) => {
    const before = await Promise.all([AudienceList, ListedPerson, ListFault].map((each) => world.desk.db.count(each)));
    expect(await codeOf(bytes())).toBe(code);
    const after = await Promise.all([AudienceList, ListedPerson, ListFault].map((each) => world.desk.db.count(each)));
    expect(after).toEqual(before);
  });

  it('names the columns that the message does not have', async () => {
    const { body } = await upload(csv(`订单编号,${materials},备注,电话,地址`, `${numbers()[0]},a,b,c,d`));
    const message = '该消息没有这项内容，请删除这一列';
    expect(body.error!.detail).toEqual({ fields: ['备注', '电话', '地址'].map((field) => ({ field, message })) });
  });

  it('is for a message that there is, by who prepares campaigns, and nobody else uploads files', async () => {
    expect(await codeOf(csv('订单编号', numbers()[0]!), { message: 'nonsense' })).toBe('message.not_found');
    expect(await codeOf(csv('订单编号', numbers()[0]!), { name: '' })).toBe('request.invalid');
    const finance = await buildStaff(world.test, ['finance']);
    expect(await codeOf(csv('订单编号', numbers()[0]!), { who: finance })).toBe('staff.not_allowed');
    const json = await fetch(`${world.test.origin}/staff/audience-lists?name=a&message=order-paid`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.supervisor.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
    const elsewhere = await fetch(`${world.test.origin}/staff/campaigns`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.supervisor.token}`, 'content-type': 'text/csv' },
      body: 'x',
    });
    expect(elsewhere.status).toBe(415);
  });

  it('of more rows than a list may have leaves nothing', async () => {
    const rows = Array.from({ length: 100_001 }, (_none, at) => `TB${String(at).padStart(14, '0')}`);
    expect(await codeOf(csv('订单编号', ...rows))).toBe('audience.list_too_long');
    expect(await world.desk.db.countBy(AudienceList, { state: 'reading' })).toBe(0);
  }, 120_000);

  it('that was never read to its end is removed by itself, and used by nobody meanwhile', async () => {
    const list = await kept(csv('订单编号', ...numbers()));
    await world.desk.transaction((work) => work.db.update(AudienceList, { id: list.id }, { state: 'reading' }));
    const refused = await draft(list.id, { materials: '营业执照', dueAt: '2027-01-31T10:00:00Z' });
    expect(refused.body.error?.code).toBe('request.invalid');
    await removeUnread(world.desk);
    expect(await world.desk.db.existsBy(AudienceList, { id: list.id })).toBe(true);
    world.test.clock.advance(2 * 3600_000);
    await removeUnread(world.desk);
    expect(await world.desk.db.existsBy(AudienceList, { id: list.id })).toBe(false);
    expect(await world.desk.db.countBy(ListedPerson, { listId: list.id })).toBe(0);
    for (const who of [world.supervisor, world.second]) await who.signIn(world.test.clock.now());
  });

  it('is removed by who uploaded it, and not while a campaign needs it', async () => {
    const list = await kept(csv('订单编号', ...numbers()));
    const consultant = await buildStaff(world.test, ['consultant']);
    const address = `/staff/audience-lists/${list.id}`;
    expect(await consultant.codeOf('DELETE', address)).toBe('staff.not_allowed');
    const { body } = await draft(list.id, { materials: '营业执照', dueAt: '2027-01-31T10:00:00Z' });
    const campaign = `/staff/campaigns/${body.data.id}`;
    await world.supervisor.data('POST', `${campaign}/rehearsal`);
    await world.supervisor.data('POST', `${campaign}/submission`);
    expect(await world.supervisor.codeOf('DELETE', address)).toBe('audience.list_in_use');
    await world.supervisor.data('POST', `${campaign}/stop`);
    expect(await world.supervisor.codeOf('DELETE', address)).toBe(204);
    expect(await world.supervisor.codeOf('GET', address)).toBe('audience.list_not_found');
    expect(await world.desk.db.countBy(ListedPerson, { listId: list.id })).toBe(0);
    const page = await world.supervisor.call<Page<AudienceListView>>('GET', '/staff/audience-lists?message=order-paid');
    expect(page.body.data).toHaveLength(1);
  });
});

describe('A campaign to a list', () => {
  it('tells each person what their row says, and nobody else anything', async () => {
    const [one, two, three] = people;
    const list = await kept(
      csv(`订单编号,${materials}`, `${one!.orderNumber},营业执照副本`, `${two!.orderNumber},法人身份证`, 'TB0,谁'),
    );
    const missing = await draft(list.id, {});
    expect(missing.body.error?.detail).toEqual({ fields: [{ field: 'facts.dueAt', message: '请填写' }] });
    const { body } = await draft(list.id, { dueAt: '2027-01-31T10:00:00Z' });
    const campaign = `/staff/campaigns/${body.data.id}`;
    const rehearsed = await world.supervisor.data('POST', `${campaign}/rehearsal`);
    expect(rehearsed).toMatchObject({ rehearsal: { people: 2, violations: { people: 0 } } });
    await world.second.data('POST', `${campaign}/release`);
    await world.test.settle();
    const saidTo = ({ personId }: Somebody) =>
      world.test.simulator.world.platform.messages.all(personId).flatMap(({ rows }) => rows);
    expect(saidTo(one!)).toContainEqual({ label: materials, value: '营业执照副本' });
    expect(saidTo(two!)).toContainEqual({ label: materials, value: '法人身份证' });
    expect(saidTo(three!)).toEqual([]);
  });

  it('for another message, or to a list that is not there, is refused', async () => {
    const list = await kept(csv('订单编号', ...numbers()));
    const facts = { materials: '营业执照', dueAt: '2027-01-31T10:00:00Z' };
    const body = world.body({ audience: { kind: 'list', listId: list.id }, message: 'order-paid' });
    const other = await world.supervisor.call('POST', '/staff/campaigns', body);
    expect(other.body.error?.detail).toMatchObject({ fields: [{ field: 'audience.listId' }] });
    expect((await draft(newId(), facts)).body.error?.code).toBe('audience.list_not_found');
  });

  it('of whom nobody is left cannot be rehearsed', async () => {
    const list = await kept(csv('订单编号', 'TB00000000000000'));
    expect(list).toMatchObject({ kept: 0, faulty: 1 });
    const { body } = await draft(list.id, { materials: '营业执照', dueAt: '2027-01-31T10:00:00Z' });
    const code = await world.supervisor.codeOf('POST', `/staff/campaigns/${body.data.id}/rehearsal`);
    expect(code).toBe('campaign.nobody_to_reach');
  });
});

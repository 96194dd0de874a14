import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { AuditEntryView, CreatedApiKeyView, DeliveryView, TeamView } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Somebody } from '../support/people.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
let admin: StaffClient;
let north: TeamView;
let consultant: StaffClient;
beforeAll(async () => {
  world = await CampaignWorld.start();
  admin = await buildStaff(world.test, ['administrator']);
  north = await admin.data('POST', '/staff/teams', { name: '华北组' });
  consultant = await buildStaff(world.test, ['consultant']);
}, 60_000);
afterAll(() => world.stop());

const FACTS = { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' };
const somebody = async (teamId: string | null = null): Promise<Somebody> => {
  const [person] = await world.people(1, () => ({ follows: true, teamId }));
  return person!;
};
const bodyFor = ({ orderNumber }: Somebody, facts: object = FACTS) => ({
  message: 'materials-wanted',
  to: { orderNumber },
  facts,
});
const cards = ({ personId }: Somebody) => world.test.simulator.world.platform.messages.all(personId);

describe('One message', () => {
  it('about an order says the order’s own number and service, and is in the trail without what it says', async () => {
    const person = await somebody();
    const sent = await consultant.data<DeliveryView>('POST', '/staff/messages', bodyFor(person));
    expect(sent).toMatchObject({ state: 'waiting', customerId: person.customerId });
    await world.test.settle();
    expect(cards(person)[0]!.rows).toContainEqual({ label: '订单编号', value: person.orderNumber });
    expect(await consultant.data('GET', `/staff/messages/${sent.id}`)).toMatchObject({ state: 'accepted' });
    const [entry] = await admin.data<AuditEntryView[]>('GET', '/staff/audit?deed=message-sent');
    expect(entry).toMatchObject({ subject: { id: person.customerId }, after: { message: 'materials-wanted' } });
    expect(JSON.stringify(entry)).not.toContain('营业执照');
  });

  it('is said once a day, however often it is asked for, at one moment too; tomorrow it is another', async () => {
    const person = await somebody();
    const body = bodyFor(person);
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => consultant.codeOf('POST', '/staff/messages', body)),
    );
    expect(codes).toEqual(Array(8).fill(202));
    await world.test.settle();
    expect(cards(person)).toHaveLength(1);
    await consultant.data('POST', '/staff/messages', bodyFor(person, { ...FACTS, materials: '法人身份证' }));
    await world.test.settle();
    expect(cards(person)).toHaveLength(2);
  });

  it('to another team’s customer is refused, unless one works for all teams', async () => {
    const person = await somebody(north.id);
    expect(await consultant.codeOf('POST', '/staff/messages', bodyFor(person))).toBe('staff.not_allowed');
    await world.test.settle();
    expect(cards(person)).toEqual([]);
    const colleague = await buildStaff(world.test, ['consultant'], { teamId: north.id });
    expect(await colleague.codeOf('POST', '/staff/messages', bodyFor(person))).toBe(202);
    const other = await somebody(north.id);
    expect(await world.supervisor.codeOf('POST', '/staff/messages', bodyFor(other))).toBe(202);
  });

  const tooLong = '这份材料的名称比微信模板字段允许的二十个字还要长一些';
  it.each([
    ['of a kind that there is not', () => ({ message: 'sale' }), 'message.not_found', null],
    ['with a fact missing', () => ({ facts: { materials: '营业执照' } }), 'request.invalid', 'facts.dueAt'],
    ['with a fact too many', () => ({ facts: { ...FACTS, colour: '红' } }), 'request.invalid', 'facts.colour'],
    ['with a text too long', () => ({ facts: { ...FACTS, materials: tooLong } }), 'request.invalid', 'facts.materials'],
    [
      'that advertises',
      () => ({ facts: { ...FACTS, materials: '限时优惠' } }),
      'message.marketing_refused',
      'facts.materials',
    ],
    ['about an order that there is not', () => ({ to: { orderNumber: 'TB26112299999999' } }), 'order.not_found', null],
    ['to a customer that there is not', () => ({ to: { customerId: newId() } }), 'customer.not_found', null],
    ['to nobody', () => ({ to: {} }), 'request.invalid', 'to'],
  ])('%s is refused, and nothing is sent', async (_what, wrong, code, field) => {
    const before = await world.desk.db.count(MessageDelivery);
    const body = { ...bodyFor(await somebody()), ...wrong() };
    const answer = await consultant.call('POST', '/staff/messages', body);
    expect(answer.body.error?.code).toBe(code);
    if (field) expect(answer.body.error?.detail).toMatchObject({ fields: [{ field }] });
    expect(await world.desk.db.count(MessageDelivery)).toBe(before);
  });

  it('by a machine goes as far as its key, and no longer', async () => {
    const make = (permissions: string[], days = 1) =>
      consultant.data<CreatedApiKeyView>('POST', '/staff/api-keys', { name: '催收脚本', permissions, days });
    const reader = consultant.withToken((await make(['read-messages'])).key);
    const sender = consultant.withToken((await make(['send-messages'])).key);
    const person = await somebody();
    expect(await reader.codeOf('POST', '/staff/messages', bodyFor(person))).toBe('staff.not_allowed');
    expect(await sender.codeOf('GET', '/staff/messages')).toBe('staff.not_allowed');
    expect(await sender.codeOf('POST', '/staff/messages', bodyFor(person))).toBe(202);
    await world.test.advance(25 * 3600_000);
    expect(await sender.codeOf('POST', '/staff/messages', bodyFor(person))).toBe('staff.key_expired');
  });
});

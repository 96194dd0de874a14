import { Customer } from '../../entities/customer.ts';
import type { AuditEntryView, StaffCustomerView, TeamView } from '../../src/contracts/index.ts';
import { sealPhone } from '../../src/identity/phone-number.ts';
import { newId } from '../../src/platform/ids.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let supervisor: StaffClient;
let admin: StaffClient;
let south: TeamView;
let north: TeamView;
beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  admin = await buildStaff(world, ['administrator']);
  supervisor = await buildStaff(world, ['supervisor']);
  south = await admin.data('POST', '/staff/teams', { name: '华南组' });
  north = await admin.data('POST', '/staff/teams', { name: '华北组' });
}, 60_000);
afterAll(() => world.stop());

const PHONE = '13812345678';

async function customer(wanted: Partial<Customer> = {}): Promise<string> {
  const { desk } = world.world;
  const id = newId();
  const phoneSealed = sealPhone(desk.vault, id, PHONE);
  const row = { id, nickname: '林晓', phoneSealed, createdAt: desk.now(), ...wanted };
  await desk.transaction((work) => work.db.insert(Customer, row));
  return id;
}

describe('Customers at the staff door', () => {
  it('are masked, and their number is shown in full to who may and says why', async () => {
    const id = await customer();
    const consultant = await buildStaff(world, ['consultant']);
    const shown = await consultant.call('GET', `/staff/customers/${id}`);
    expect(shown.body.data).toMatchObject({ phoneMasked: '138****5678', follow: 'unknown', tags: [], teamId: null });
    expect(JSON.stringify(shown.body)).not.toContain(PHONE);
    const address = `/staff/customers/${id}/phone`;
    expect(await consultant.codeOf('POST', address, {})).toBe('request.invalid');
    expect(await consultant.data('POST', address, { reason: '客户来电核对材料' })).toEqual({ phone: PHONE });
    const [entry] = await admin.data<AuditEntryView[]>('GET', '/staff/audit?deed=customer-unmasked');
    expect(entry).toMatchObject({
      actor: { kind: 'staff' },
      subject: { kind: 'customer', id },
      after: { field: 'phone', reason: '客户来电核对材料' },
    });
    expect(JSON.stringify(entry)).not.toContain(PHONE);
    expect(world.logged.join('\n')).not.toContain(PHONE);
  });

  it('are not unmasked for other roles, for machines, or for another team', async () => {
    const id = await customer({ teamId: north.id });
    const body = { reason: '核对' };
    for (const role of ['finance', 'auditor', 'administrator'] as const) {
      const who = await buildStaff(world, [role]);
      expect([role, await who.codeOf('POST', `/staff/customers/${id}/phone`, body)]).toEqual([
        role,
        'staff.not_allowed',
      ]);
    }
    const foreign = await buildStaff(world, ['consultant'], { teamId: south.id });
    expect(await foreign.codeOf('POST', `/staff/customers/${id}/phone`, body)).toBe('staff.not_allowed');
    expect(await foreign.codeOf('PUT', `/staff/customers/${id}/tags`, { tags: ['重点'] })).toBe('staff.not_allowed');
    const own = await buildStaff(world, ['consultant'], { teamId: north.id });
    expect(await own.codeOf('POST', `/staff/customers/${id}/phone`, body)).toBe(200);
    const key = { name: '机器', permissions: ['unmask-customers'], days: 1 };
    expect(await own.codeOf('POST', '/staff/api-keys', key)).toBe('request.invalid');
    expect(await (await buildStaff(world, ['content_editor'])).codeOf('GET', '/staff/customers')).toBe(
      'staff.not_allowed',
    );
  });

  it('are found by tag, team and part of the nickname, page by page', async () => {
    const [first, second, third] = [
      await customer({ nickname: '100%好评' }),
      await customer({ nickname: '欧阳慕容' }),
      await customer({ nickname: '欧阳锋' }),
    ];
    for (const id of [first, second]) {
      const tagged = await supervisor.data<StaffCustomerView>('PUT', `/staff/customers/${id}/tags`, {
        tags: ['急件', '福建'],
      });
      expect(tagged.tags.toSorted()).toEqual(['急件', '福建'].toSorted());
    }
    await supervisor.data('PUT', `/staff/customers/${third}/team`, { teamId: south.id });
    const ids = async (query: string) =>
      (await supervisor.pages<StaffCustomerView>(`/staff/customers?limit=1&${query}`)).map(({ id }) => id);
    expect(await ids(`tag=${encodeURIComponent('急件')}`)).toEqual([second, first]);
    expect(await ids(`nickname=${encodeURIComponent('欧阳')}`)).toEqual([third, second]);
    expect(await ids(`nickname=${encodeURIComponent('0%好')}`)).toEqual([first]);
    expect(await ids('nickname=%25')).toEqual([first]);
    expect(await ids(`team=${south.id}`)).toEqual([third]);
    expect(await ids('team=none')).not.toContain(third);
    await supervisor.data('PUT', `/staff/customers/${first}/tags`, { tags: [] });
    expect(await ids(`tag=${encodeURIComponent('急件')}`)).toEqual([second]);
  });

  it('are assigned and tagged with a word in the trail, and without one when nothing changes', async () => {
    const id = await customer();
    const count = async () => (await admin.pages<AuditEntryView>('/staff/audit?subjectKind=customer&limit=50')).length;
    const before = await count();
    await supervisor.data('PUT', `/staff/customers/${id}/team`, { teamId: south.id });
    await supervisor.data('PUT', `/staff/customers/${id}/team`, { teamId: south.id });
    await supervisor.data('PUT', `/staff/customers/${id}/tags`, { tags: ['重点'] });
    await supervisor.data('PUT', `/staff/customers/${id}/tags`, { tags: ['重点'] });
    expect(await count()).toBe(before + 2);
    const nowhere = { teamId: newId() };
    expect(await supervisor.codeOf('PUT', `/staff/customers/${id}/team`, nowhere)).toBe('staff.team_not_found');
    expect(await supervisor.codeOf('PUT', `/staff/customers/${newId()}/team`, { teamId: null })).toBe(
      'customer.not_found',
    );
    expect(await supervisor.codeOf('PUT', `/staff/customers/${id}/tags`, { tags: ['重点', '重点'] })).toBe(
      'request.invalid',
    );
  });

  it('who were merged are not shown beside their survivor', async () => {
    const survivor = await customer();
    const merged = await customer({ mergedIntoId: survivor });
    expect(await supervisor.codeOf('GET', `/staff/customers/${merged}`)).toBe('customer.not_found');
    const seen = await supervisor.pages<StaffCustomerView>('/staff/customers?limit=100');
    expect(seen.map(({ id }) => id)).not.toContain(merged);
  });
});

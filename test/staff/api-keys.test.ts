import { ApiKey } from '../../entities/api-key.ts';
import type { ApiKeyView, AuditEntryView, CreatedApiKeyView } from '../../src/contracts/index.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let admin: StaffClient;
beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  admin = await buildStaff(world, ['administrator']);
}, 60_000);
afterAll(() => world.stop());

const DAY_MS = 24 * 3600_000;
const make = (who: StaffClient, wanted: object = {}) =>
  who.data<CreatedApiKeyView>('POST', '/staff/api-keys', {
    name: '夜间报表',
    permissions: ['read-audit'],
    days: 30,
    ...wanted,
  });

describe('An API key', () => {
  it('is shown once, kept as a hash, and lets a machine do what it names', async () => {
    const made = await make(admin);
    expect(made).toMatchObject({ state: 'usable', lastUsedAt: null, permissions: ['read-audit'] });
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const machine = admin.withToken(made.key);
    expect(await machine.codeOf('GET', '/staff/audit')).toBe(200);
    expect(JSON.stringify(await world.world.desk.db.find(ApiKey))).not.toContain(made.key);
    const [listed] = await admin.data<ApiKeyView[]>('GET', '/staff/api-keys');
    expect(listed).toMatchObject({ id: made.id, lastUsedAt: expect.any(String) });
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect(world.logged.join('\n')).not.toContain(made.key);
  });

  it('cannot do what it does not name, what its maker may not, or what takes a person', async () => {
    const machine = admin.withToken((await make(admin)).key);
    expect(await machine.codeOf('GET', '/staff/members')).toBe('staff.person_only');
    expect(await machine.codeOf('GET', '/staff/api-keys')).toBe('staff.person_only');
    expect(await machine.codeOf('DELETE', '/staff/sessions/current')).toBe('staff.person_only');
    expect(await machine.codeOf('POST', '/staff/me/password', {})).toBe('staff.person_only');
    const consultant = await buildStaff(world, ['consultant']);
    const body = { name: '越权', permissions: ['read-audit'], days: 1 };
    expect(await consultant.codeOf('POST', '/staff/api-keys', body)).toBe('staff.not_allowed');
    const king = { ...body, permissions: ['manage-staff'] };
    expect(await admin.codeOf('POST', '/staff/api-keys', king)).toBe('request.invalid');
  });

  it('is worth no more than its maker is at the moment', async () => {
    const auditor = await buildStaff(world, ['auditor']);
    const machine = auditor.withToken((await make(auditor)).key);
    expect(await machine.codeOf('GET', '/staff/audit')).toBe(200);
    await admin.data('PATCH', `/staff/members/${auditor.username}`, { roles: ['consultant'] });
    expect(await machine.codeOf('GET', '/staff/audit')).toBe('staff.not_allowed');
    await admin.data('PATCH', `/staff/members/${auditor.username}`, { roles: ['auditor'] });
    expect(await machine.codeOf('GET', '/staff/audit')).toBe(200);
    await admin.data('PATCH', `/staff/members/${auditor.username}`, { state: 'disabled' });
    expect(await machine.codeOf('GET', '/staff/audit')).toBe('staff.key_expired');
    await admin.data('PATCH', `/staff/members/${auditor.username}`, { state: 'active' });
    expect(await machine.codeOf('GET', '/staff/audit')).toBe('staff.key_expired');
  });

  it('expires, and can be revoked by its maker and by who manages staff', async () => {
    const auditor = await buildStaff(world, ['auditor']);
    const stranger = await buildStaff(world, ['auditor']);
    const [first, second] = [await make(auditor), await make(auditor)];
    expect(await stranger.codeOf('DELETE', `/staff/api-keys/${first.id}`)).toBe('staff.key_not_found');
    expect(await auditor.codeOf('DELETE', `/staff/api-keys/${first.id}`)).toBe(204);
    expect(await auditor.codeOf('DELETE', `/staff/api-keys/${first.id}`)).toBe('staff.key_not_found');
    expect(await auditor.withToken(first.key).codeOf('GET', '/staff/audit')).toBe('staff.key_expired');
    expect(await admin.codeOf('DELETE', `/staff/api-keys/${second.id}`)).toBe(204);
    const short = await make(auditor, { days: 1 });
    world.clock.advance(DAY_MS);
    expect(await auditor.withToken(short.key).codeOf('GET', '/staff/audit')).toBe('staff.key_expired');
    await auditor.signIn(world.clock.now());
    await admin.signIn(world.clock.now());
    const states = (await auditor.data<ApiKeyView[]>('GET', '/staff/api-keys')).map(({ state }) => state);
    expect(states).toEqual(['expired', 'revoked', 'revoked']);
  });

  it.each<[string, object]>([
    ['no permission', { permissions: [] }],
    ['one twice', { permissions: ['read-audit', 'read-audit'] }],
    ['one that there is not', { permissions: ['rule'] }],
    ['no end', { days: 100_000 }],
    ['no life', { days: 0 }],
    ['no name', { name: '  ' }],
  ])('with %s is not made', async (_what, wrong) => {
    const body = { name: '密钥', permissions: ['read-audit'], days: 1, ...wrong };
    expect(await admin.codeOf('POST', '/staff/api-keys', body)).toBe('request.invalid');
  });

  it('is named in the trail beside its maker', async () => {
    const made = await make(admin, { name: '对账程序' });
    const [created] = await admin.data<AuditEntryView[]>('GET', '/staff/audit?deed=api-key-created');
    expect(created).toMatchObject({ subject: { kind: 'api-key', id: made.id }, after: { name: '对账程序' } });
    expect(JSON.stringify(created)).not.toContain(made.key);
  });
});

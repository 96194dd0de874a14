import type {
  ChangeStaffMemberBody,
  CreatedApiKeyView,
  InvitedStaffMemberView,
  StaffMemberView,
  StaffRole,
  TeamView,
} from '../../src/contracts/index.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import { changeMember } from '../../src/staff/members.ts';
import { buildStaff, codeAt, PASSWORD, StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let admin: StaffClient;
beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  admin = await buildStaff(world, ['administrator'], { username: 'root.admin', name: '管理员甲' });
}, 60_000);
afterAll(() => world.stop());

const now = () => world.clock.now();
const later = (ms: number) => world.clock.advance(ms);
const STEP_MS = 30_000;

async function enrol(invitation: string) {
  const stranger = new StaffClient(world.origin, '', '');
  const { username, secret, uri, qrSvg } = await stranger.data<Record<string, string>>('POST', '/staff/enrolments', {
    invitation,
  });
  const member = new StaffClient(world.origin, username!, secret!);
  return {
    member,
    uri: uri!,
    qrSvg: qrSvg!,
    finish: (password = PASSWORD, at = now()) =>
      stranger.codeOf('PUT', '/staff/enrolments', { invitation, password, code: codeAt(secret!, at) }),
  };
}

describe('A new member', () => {
  it('is invited, chooses a password, scans a code, and signs in', async () => {
    const invited = await admin.data<InvitedStaffMemberView>('POST', '/staff/members', {
      username: 'Chen.Xiao',
      name: '陈晓',
      roles: ['consultant'],
    });
    expect(invited).toMatchObject({
      username: 'chen.xiao',
      state: 'invited',
      permissions: expect.not.arrayContaining(['manage-staff']),
    });
    const { member, uri, qrSvg, finish } = await enrol(invited.invitation);
    expect(uri).toMatch(/^otpauth:\/\/totp\/.*chen\.xiao\?/);
    expect(qrSvg).toMatch(/^<svg/);
    expect(await finish()).toBe(200);
    // The invitation has served.
    expect(await finish()).toBe('staff.invitation_refused');
    later(STEP_MS);
    await member.signIn(now());
    expect(await member.data('GET', '/staff/me')).toMatchObject({ name: '陈晓', state: 'active' });
    expect(await member.codeOf('GET', '/staff/members')).toBe('staff.not_allowed');
  });

  it('cannot be enrolled late, with a weak password, or without the authenticator', async () => {
    const { invitation } = await admin.data<InvitedStaffMemberView>('POST', '/staff/members', {
      username: 'late.one',
      name: '迟到',
      roles: ['reviewer'],
    });
    const stranger = new StaffClient(world.origin, '', '');
    const body = { invitation, password: PASSWORD, code: '123456' };
    // Nothing was scanned yet.
    expect(await stranger.codeOf('PUT', '/staff/enrolments', body)).toBe('staff.code_refused');
    const { member, finish } = await enrol(invitation);
    for (const weak of ['short one', 'aaaaaaaaaaaaaaaa', 'my name is late.one']) {
      const code = codeAt(member.secret, now());
      const { status, body } = await stranger.call<{ error: { detail: { fields: { field: string }[] } } }>(
        'PUT',
        '/staff/enrolments',
        { invitation, password: weak, code },
      );
      expect([status, body.error.detail.fields[0]!.field]).toEqual([422, 'password']);
    }
    expect(await finish(PASSWORD, new Date(now().getTime() - 10 * STEP_MS))).toBe('staff.code_refused');
    later(7 * 24 * 3600_000);
    expect(await finish()).toBe('staff.invitation_refused');
    await admin.signIn(now());
  });

  it.each<[string, object, string]>([
    ['a taken name', { username: 'root.admin' }, 'staff.username_taken'],
    ['a name with a space', { username: 'a b c' }, 'request.invalid'],
    ['no role', { roles: [] }, 'request.invalid'],
    ['a role twice', { roles: ['finance', 'finance'] }, 'request.invalid'],
    ['a role that there is not', { roles: ['king'] }, 'request.invalid'],
    ['a team that there is not', { teamId: '01890000-0000-7000-8000-000000000000' }, 'staff.team_not_found'],
    ['a state of one’s own', { state: 'active' }, 'request.invalid'],
  ])('with %s is refused', async (_what, wrong, code) => {
    const body = { username: 'somebody.new', name: '新人', roles: ['consultant'], ...wrong };
    expect(await admin.codeOf('POST', '/staff/members', body)).toBe(code);
  });

  it('of one name is made once by two who ask at once', async () => {
    const body = { username: 'twice.asked', name: '双胞', roles: ['consultant'] };
    const answers = await Promise.all([1, 2, 3].map(() => admin.codeOf('POST', '/staff/members', body)));
    expect(answers.toSorted()).toEqual([201, 'staff.username_taken', 'staff.username_taken']);
  });
});

describe('Changing a member', () => {
  it('takes effect at once, for sessions too', async () => {
    const who = await buildStaff(world, ['auditor']);
    expect(await who.codeOf('GET', '/staff/audit')).toBe(200);
    await admin.data('PATCH', `/staff/members/${who.username}`, { roles: ['consultant'], name: '改名' });
    expect(await who.codeOf('GET', '/staff/audit')).toBe('staff.not_allowed');
    expect(await who.data('GET', '/staff/me')).toMatchObject({ name: '改名', roles: ['consultant'] });
  });

  it('to disabled ends sessions; back to active lets them sign in again with what they have', async () => {
    const who = await buildStaff(world, ['consultant']);
    await admin.data('PATCH', `/staff/members/${who.username}`, { state: 'disabled' });
    expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
    await admin.data('PATCH', `/staff/members/${who.username}`, { state: 'active' });
    expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
    later(STEP_MS);
    await who.signIn(now());
  });

  it('never makes somebody active who has no password', async () => {
    const invited = await admin.data<StaffMemberView>('POST', '/staff/members', {
      username: 'never.came',
      name: '未到',
      roles: ['consultant'],
    });
    const address = `/staff/members/${invited.username}`;
    expect(await admin.data('PATCH', address, { state: 'active' })).toMatchObject({ state: 'invited' });
    expect(await admin.data('PATCH', address, { state: 'disabled' })).toMatchObject({ state: 'disabled' });
    expect(await admin.data('PATCH', address, { state: 'active' })).toMatchObject({ state: 'invited' });
  });

  it('of one’s own roles or state is for somebody else', async () => {
    for (const change of [{ roles: ['auditor'] }, { state: 'disabled' }])
      expect(await admin.codeOf('PATCH', '/staff/members/root.admin', change)).toBe('staff.own_account');
    expect(await admin.codeOf('POST', '/staff/members/root.admin/reset')).toBe('staff.own_account');
    expect(await admin.codeOf('PATCH', '/staff/members/root.admin', { name: '管理员乙' })).toBe(200);
  });

  it('leaves one administrator, also when two who were both let in remove each other', async () => {
    const [first, second] = [await buildStaff(world, ['administrator']), await buildStaff(world, ['administrator'])];
    const { desk } = world.world;
    await desk.transaction((work) => work.db.update(StaffMember, { username: 'root.admin' }, { state: 'disabled' }));
    const remove = async (who: StaffClient, whom: StaffClient, change: ChangeStaffMemberBody) => {
      const { id } = await desk.db.findOneByOrFail(StaffMember, { username: who.username });
      const roles: StaffRole[] = ['administrator'];
      const actor = { kind: 'staff', id, roles, teamId: null, apiKey: null, sessionId: null, requestId: 'r' } as const;
      return desk.as(actor).transaction((work) => changeMember(work, whom.username, change));
    };
    const ends = await Promise.allSettled([
      remove(first, second, { state: 'disabled' }),
      remove(second, first, { roles: ['auditor'] }),
    ]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'staff.last_administrator' },
    });
    await desk.transaction((work) => work.db.update(StaffMember, { username: 'root.admin' }, { state: 'active' }));
    later(STEP_MS);
    await admin.signIn(now());
  });

  it('to nothing new is no deed', async () => {
    const who = await buildStaff(world, ['consultant'], { name: '原名' });
    const count = async () => (await admin.data<unknown[]>('GET', '/staff/audit?deed=staff-member-changed')).length;
    const before = await count();
    await admin.data('PATCH', `/staff/members/${who.username}`, { name: '原名', roles: ['consultant'] });
    expect(await count()).toBe(before);
  });
});

it('a reset ends the old way in and gives a new one', async () => {
  const who = await buildStaff(world, ['consultant']);
  const { key } = await who.data<CreatedApiKeyView>('POST', '/staff/api-keys', {
    name: '旧密钥',
    permissions: ['read-messages'],
    days: 9,
  });
  const { invitation } = await admin.data<InvitedStaffMemberView>('POST', `/staff/members/${who.username}/reset`);
  expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
  later(STEP_MS);
  await expect(who.signIn(now())).rejects.toThrow('sign_in_refused');
  const { member, finish } = await enrol(invitation);
  expect(member.secret).not.toBe(who.secret);
  expect(await finish('another six long words')).toBe(200);
  later(STEP_MS);
  await member.signIn(now(), 'another six long words');
  // What was open before stays closed.
  for (const token of [who.token, key])
    expect(await who.withToken(token).codeOf('GET', '/staff/me')).toMatch(/^staff\.(session|key)_expired$/);
  expect(await admin.codeOf('POST', '/staff/members/nobody.here/reset')).toBe('staff.member_not_found');
});

it('the list is read page by page, newest first, and by state', async () => {
  for (let made = 0; made < 4; made += 1) await buildStaff(world, ['consultant']);
  const members = await admin.pages<StaffMemberView>('/staff/members?limit=3');
  const seen = members.map(({ username }) => username);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toContain('root.admin');
  expect(seen).toHaveLength(await world.world.desk.db.count(StaffMember));
  const invited = await admin.data<StaffMemberView[]>('GET', '/staff/members?state=invited');
  expect(new Set(invited.map(({ state }) => state))).toEqual(new Set(['invited']));
});

it('teams have names of their own, and members belong to them', async () => {
  const team = await admin.data<TeamView>('POST', '/staff/teams', { name: '华南一组' });
  expect(await admin.codeOf('POST', '/staff/teams', { name: '华南一组' })).toBe('staff.team_name_taken');
  const renamed = await admin.data<TeamView>('PATCH', `/staff/teams/${team.id}`, { name: '华南二组' });
  expect(renamed).toEqual({ id: team.id, name: '华南二组' });
  const who = await buildStaff(world, ['consultant'], { teamId: team.id });
  expect(await who.data('GET', '/staff/me')).toMatchObject({ team: renamed });
  expect(await who.data('GET', '/staff/teams')).toEqual([renamed]);
  expect(await who.codeOf('POST', '/staff/teams', { name: '自立' })).toBe('staff.not_allowed');
  const moved = await admin.data<StaffMemberView>('PATCH', `/staff/members/${who.username}`, { teamId: null });
  expect(moved.team).toBeNull();
});

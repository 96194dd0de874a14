import { StaffMember } from '../../entities/staff-member.ts';
import { StaffSession } from '../../entities/staff-session.ts';
import type { StaffMemberView } from '../../src/contracts/index.ts';
import { createMember } from '../../src/staff/index.ts';
import { buildStaff, codeAt, PASSWORD, StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
}, 60_000);
afterAll(() => world.stop());

const STEP_MS = 30_000;
const MINUTE_MS = 60_000;
const later = (ms: number) => world.clock.advance(ms);
const now = () => world.clock.now();
const rowOf = (username: string) => world.world.desk.db.findOneByOrFail(StaffMember, { username });

const attempt = (who: StaffClient, wanted: { username?: string; password?: string; code?: string } = {}) =>
  who.withToken(null).codeOf('POST', '/staff/sessions', {
    username: who.username,
    password: PASSWORD,
    code: codeAt(who.secret, now()),
    ...wanted,
  });

const wrongCode = (who: StaffClient) => (codeAt(who.secret, now()) === '000000' ? '000001' : '000000');

describe('Signing in as staff', () => {
  it('takes password and code together, and says who one is and what one may do', async () => {
    const who = await buildStaff(world, ['auditor'], { name: '审计员甲' });
    const me = await who.data<StaffMemberView>('GET', '/staff/me');
    expect(me).toMatchObject({
      username: who.username,
      name: '审计员甲',
      roles: ['auditor'],
      permissions: expect.arrayContaining(['read-audit']),
    });
    expect(JSON.stringify(me)).not.toMatch(/argon2|secret|hash/i);
  });

  it('gives one answer, to the letter, for a wrong name, password or code, a locked and a disabled account', async () => {
    const who = await buildStaff(world, ['consultant']);
    const disabled = await buildStaff(world, ['consultant']);
    const locked = await buildStaff(world, ['consultant']);
    const { desk } = world.world;
    await desk.transaction((work) =>
      work.db.update(StaffMember, { username: disabled.username }, { state: 'disabled' }),
    );
    await desk.transaction((work) =>
      work.db.update(
        StaffMember,
        { username: locked.username },
        { lockedUntil: new Date(now().getTime() + MINUTE_MS) },
      ),
    );
    const invited = 'just.invited';
    await desk
      .as({ kind: 'operator' })
      .transaction((work) => createMember(work, { username: invited, name: '新人', roles: ['consultant'] }));
    later(STEP_MS);
    const right = { username: who.username, password: PASSWORD, code: codeAt(who.secret, now()) };
    const wrongs = [
      { ...right, username: 'nobody.here' },
      { ...right, username: 'no way a name' },
      { ...right, username: invited },
      { ...right, password: 'not the password' },
      { ...right, code: wrongCode(who) },
      { ...right, username: disabled.username, code: codeAt(disabled.secret, now()) },
      { ...right, username: locked.username, code: codeAt(locked.secret, now()) },
    ];
    const said = new Set<string>();
    for (const wrong of wrongs) {
      const { status, body } = await who.withToken(null).call<{ error: object }>('POST', '/staff/sessions', wrong);
      said.add(JSON.stringify([status, { ...body.error, requestId: '' }]));
    }
    expect([...said]).toHaveLength(1);
    expect([...said][0]).toContain('staff.sign_in_refused');
    expect(await attempt(who)).toBe(201);
  });

  it('spends as much work on a name that is nobody’s as on one that is somebody’s', async () => {
    const who = await buildStaff(world, ['consultant']);
    const timeOf = async (username: string) => {
      const startedAt = process.cpuUsage();
      for (let tries = 0; tries < 4; tries += 1) await attempt(who, { username, password: 'not the password' });
      const { user, system } = process.cpuUsage(startedAt);
      return (user + system) / 1000;
    };
    await timeOf('nobody.here');
    const [somebody, nobody] = [await timeOf(who.username), await timeOf('nobody.here')];
    // Without the hash it would be a few milliseconds against four times thirty.
    expect(nobody).toBeGreaterThan(somebody / 3);
  });

  it('takes a code once, also from two who bring it at once', async () => {
    const who = await buildStaff(world, ['consultant']);
    expect(await attempt(who)).toBe('staff.sign_in_refused');
    later(STEP_MS);
    const answers = await Promise.all([attempt(who), attempt(who), attempt(who)]);
    expect(answers.toSorted()).toEqual([201, 'staff.sign_in_refused', 'staff.sign_in_refused']);
    // An older one, still within what clocks may differ, is no better.
    expect(await attempt(who, { code: codeAt(who.secret, new Date(now().getTime() - STEP_MS)) })).toBe(
      'staff.sign_in_refused',
    );
  });

  it('takes the code of a clock that is half a minute off, and none further away', async () => {
    const who = await buildStaff(world, ['consultant']);
    later(5 * MINUTE_MS);
    const codeAway = (steps: number) => codeAt(who.secret, new Date(now().getTime() + steps * STEP_MS));
    expect(await attempt(who, { code: codeAway(-2) })).toBe('staff.sign_in_refused');
    expect(await attempt(who, { code: codeAway(2) })).toBe('staff.sign_in_refused');
    expect(await attempt(who, { code: codeAway(-1) })).toBe(201);
    expect(await attempt(who, { code: codeAway(1) })).toBe(201);
  });
});

describe('Too many failures', () => {
  it('lock the account for a while, longer each time, also for who has the right password', async () => {
    const who = await buildStaff(world, ['consultant']);
    later(STEP_MS);
    for (let tries = 0; tries < 5; tries += 1) await attempt(who, { password: 'not the password' });
    expect((await rowOf(who.username)).lockedUntil).not.toBeNull();
    expect(await attempt(who)).toBe('staff.sign_in_refused');
    later(MINUTE_MS + STEP_MS);
    expect(await attempt(who, { password: 'not the password' })).toBe('staff.sign_in_refused');
    const { lockedUntil, attempts } = await rowOf(who.username);
    expect(attempts).toBe(6);
    expect(lockedUntil!.getTime() - now().getTime()).toBeGreaterThan(1.5 * MINUTE_MS);
    later(3 * MINUTE_MS);
    expect(await attempt(who)).toBe(201);
    expect(await rowOf(who.username)).toMatchObject({ attempts: 0, lockedUntil: null });
  });

  it('cannot be passed by guessing many at once', async () => {
    const who = await buildStaff(world, ['consultant']);
    later(STEP_MS);
    await Promise.all(Array.from({ length: 20 }, () => attempt(who, { code: wrongCode(who) })));
    expect((await rowOf(who.username)).attempts).toBe(5);
    expect(await attempt(who)).toBe('staff.sign_in_refused');
  });

  it('from one address are slowed down, whoever is tried', async () => {
    const narrow = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '3' } });
    try {
      const stranger = new StaffClient(narrow.origin, 'nobody', 'AAAA');
      const body = { username: 'nobody', password: 'x', code: '000000' };
      const answers = [];
      for (let tries = 0; tries < 4; tries += 1) answers.push(await stranger.codeOf('POST', '/staff/sessions', body));
      expect(answers).toEqual([...Array(3).fill('staff.sign_in_refused'), 'request.rate_limited']);
      // Who is signed in goes on working.
      expect(await stranger.codeOf('GET', '/staff/me')).toBe('staff.session_required');
    } finally {
      await narrow.stop();
    }
  });
});

describe('A staff session', () => {
  it('ends without use, moves on with use, and not beyond its end', async () => {
    const who = await buildStaff(world, ['consultant']);
    for (let half = 0; half < 23; half += 1) {
      later(30 * MINUTE_MS);
      expect(await who.codeOf('GET', '/staff/me')).toBe(200);
    }
    later(31 * MINUTE_MS);
    expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');

    await who.signIn(now());
    later(61 * MINUTE_MS);
    expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
  });

  it('ends when one signs out, and is kept as a hash only', async () => {
    const who = await buildStaff(world, ['consultant']);
    const rows = await world.world.desk.db.find(StaffSession);
    expect(JSON.stringify(rows)).not.toContain(who.token!);
    expect(await who.codeOf('DELETE', '/staff/sessions/current')).toBe(204);
    expect(await who.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
  });

  it('is asked for at every address behind the door, and nothing else opens it', async () => {
    const stranger = new StaffClient(world.origin, 'nobody', 'AAAA');
    expect(await stranger.codeOf('GET', '/staff/members')).toBe('staff.session_required');
    for (const token of ['x', 'x'.repeat(43), `tongban_${'x'.repeat(43)}`, '%00'])
      expect(await stranger.withToken(token).codeOf('GET', '/staff/me')).toMatch(/^staff\.(session|key)_expired$/);
    const customer = await world.person();
    const { token } = await customer.signInMiniProgram();
    expect(await stranger.withToken(token).codeOf('GET', '/staff/me')).toBe('staff.session_expired');
    const staff = await buildStaff(world, ['administrator']);
    expect(await staff.codeOf('GET', '/app/me')).toBe('session.expired');
  });
});

describe('Changing the own password', () => {
  it('needs the old one and a new code, and ends every other session', async () => {
    const who = await buildStaff(world, ['consultant']);
    later(STEP_MS);
    const other = who.withToken((await who.withToken(null).signIn(now())).token);
    const body = (wanted: object = {}) => ({
      password: PASSWORD,
      code: codeAt(who.secret, now()),
      newPassword: 'nine rivers under 4 stars',
      ...wanted,
    });
    expect(await who.codeOf('POST', '/staff/me/password', body())).toBe('staff.sign_in_refused');
    later(STEP_MS);
    expect(await who.codeOf('POST', '/staff/me/password', body({ password: 'not it' }))).toBe('staff.sign_in_refused');
    expect(await who.codeOf('POST', '/staff/me/password', body({ newPassword: 'short' }))).toBe('request.invalid');
    expect(await who.codeOf('POST', '/staff/me/password', body())).toBe(204);
    expect(await who.codeOf('GET', '/staff/me')).toBe(200);
    expect(await other.codeOf('GET', '/staff/me')).toBe('staff.session_expired');
    later(STEP_MS);
    expect(await attempt(who)).toBe('staff.sign_in_refused');
    expect(await attempt(who, { password: 'nine rivers under 4 stars' })).toBe(201);
  });
});

it('nothing of all this put a password, a code’s secret or a token into the log', async () => {
  const who = await buildStaff(world, ['consultant']);
  const log = world.logged.join('\n');
  for (const secret of [PASSWORD, who.secret, who.token!]) expect(log).not.toContain(secret);
});

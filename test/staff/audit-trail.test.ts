import { AuditEntry } from '../../entities/audit-entry.ts';
import { Team } from '../../entities/team.ts';
import type { AuditEntryView } from '../../src/contracts/index.ts';
import { verifyAudit } from '../../src/platform/audit/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let admin: StaffClient;
beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  admin = await buildStaff(world, ['administrator'], { name: '管理员甲' });
}, 60_000);
afterAll(() => world.stop());

const staffDesk = () =>
  world.world.desk.as({
    kind: 'staff',
    id: newId(),
    roles: ['administrator'],
    teamId: null,
    apiKey: null,
    sessionId: null,
    requestId: 'r',
  });

describe('The audit trail', () => {
  it('says who did what, before and after, in which request', async () => {
    const who = await buildStaff(world, ['consultant'], { name: '陈晓' });
    const answer = await admin.call('PATCH', `/staff/members/${who.username}`, { roles: ['reviewer'] });
    const [entry] = await admin.data<AuditEntryView[]>('GET', '/staff/audit?limit=1');
    expect(entry).toMatchObject({
      deed: 'staff-member-changed',
      deedWords: '修改员工',
      actor: { kind: 'staff', name: '管理员甲' },
      before: { roles: ['consultant'] },
      after: { roles: ['reviewer'] },
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('is read by who may, filtered, page by page', async () => {
    const auditor = await buildStaff(world, ['auditor']);
    const consultant = await buildStaff(world, ['consultant']);
    expect(await consultant.codeOf('GET', '/staff/audit')).toBe('staff.not_allowed');
    const mine = await auditor.data<AuditEntryView[]>('GET', `/staff/audit?actor=${admin.username}`);
    expect(mine.length).toBeGreaterThan(0);
    expect(new Set(mine.map(({ actor }) => actor.name))).toEqual(new Set(['管理员甲']));
    expect(await auditor.data('GET', '/staff/audit?actor=nobody.here')).toEqual([]);
    const numbers = (await auditor.pages<AuditEntryView>('/staff/audit?limit=4')).map(({ number }) => number);
    const last = await world.world.desk.db.count(AuditEntry);
    expect(numbers).toEqual(Array.from({ length: last }, (_none, at) => last - at));
  });

  it('goes with the deed: what staff write without a word is not written, and a deed that fails leaves no word', async () => {
    const team = (name: string) => ({ id: newId(), name, createdAt: world.clock.now() });
    const silent = staffDesk().transaction((work) => work.db.insert(Team, team('无声')));
    await expect(silent).rejects.toThrow('without audit');
    expect(await world.world.desk.db.existsBy(Team, { name: '无声' })).toBe(false);
    const before = await world.world.desk.db.count(AuditEntry);
    const failing = staffDesk().transaction(async (work) => {
      work.audit({ deed: 'team-created', subject: { kind: 'team', id: 'x' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await world.world.desk.db.count(AuditEntry)).toBe(before);
  });

  it('has no gap and no fork when many write at once', async () => {
    const deeds = Array.from({ length: 30 }, (_none, at) =>
      staffDesk().transaction(async (work) => {
        await work.db.insert(Team, { id: newId(), name: `并发${at}`, createdAt: work.now() });
        work.audit({ deed: 'team-created', subject: { kind: 'team', id: String(at) } });
        work.audit({ deed: 'team-renamed', subject: { kind: 'team', id: String(at) } });
      }),
    );
    await Promise.all(deeds);
    const { desk } = world.world;
    const verdict = await verifyAudit(desk.db, desk.vault);
    expect(verdict).toMatchObject({ faultCount: 0, faults: [], entries: await desk.db.count(AuditEntry) });
  });
});

import { Task } from '../../entities/task.ts';
import type { AuditEntryView, NewTaskBody, TaskView, TeamView, WorkloadView } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { buildPeople, type Somebody, type SomebodyOptions } from '../support/people.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let supervisor: StaffClient;
let consultant: StaffClient;
let stranger: StaffClient;
let north: TeamView;

beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  const admin = await buildStaff(world, ['administrator']);
  north = await admin.data('POST', '/staff/teams', { name: '华北组' });
  const south = await admin.data<TeamView>('POST', '/staff/teams', { name: '华南组' });
  supervisor = await buildStaff(world, ['supervisor']);
  consultant = await buildStaff(world, ['consultant'], { name: '陈晓', teamId: north.id });
  stranger = await buildStaff(world, ['consultant'], { teamId: south.id });
}, 60_000);
afterAll(() => world.stop());

const inHours = (hours: number) => new Date(world.clock.now().getTime() + hours * 3600_000).toISOString();
const somebody = async (options: SomebodyOptions = { follows: true, teamId: north.id }): Promise<Somebody> => {
  const place = { simulator: world.simulator, database: world.world.database, now: () => world.clock.now() };
  const [person] = await buildPeople(place, 1, () => options);
  return person!;
};
const plan = async (wanted: Partial<NewTaskBody> = {}, who = consultant): Promise<TaskView> => {
  const about = wanted.about ?? { orderNumber: (await somebody()).orderNumber };
  return who.data('POST', '/staff/tasks', { kind: 'call', title: '确认材料', dueAt: inHours(2), ...wanted, about });
};
const cards = ({ personId }: Somebody) => world.simulator.world.platform.messages.all(personId);
const ids = (tasks: readonly TaskView[]) => tasks.map(({ id }) => id);

describe('A task that staff plan', () => {
  it('is their own unless it is given to somebody, names customer, order and team, and is in the trail', async () => {
    const person = await somebody();
    const task = await plan({ about: { orderNumber: person.orderNumber }, note: '请先看\n上次的记录' });
    expect(task).toMatchObject({
      kindWords: '电话联系',
      stateWords: '待处理',
      note: '请先看\n上次的记录',
      owner: { username: consultant.username, name: '陈晓' },
      teamId: north.id,
      customer: { id: person.customerId, nickname: expect.stringContaining('客户') },
      orderNumber: person.orderNumber,
      isOverdue: false,
      createdBy: '陈晓',
    });
    expect(await consultant.data('GET', `/staff/tasks/${task.id}`)).toEqual(task);
    const auditor = await buildStaff(world, ['auditor']);
    const [entry] = await auditor.data<AuditEntryView[]>('GET', '/staff/audit?deed=task-created');
    expect(entry).toMatchObject({ subject: { kind: 'task', id: task.id }, after: { title: '确认材料' } });
  });

  it.each([
    ['in the past', () => ({ dueAt: inHours(-1) }), 'request.invalid'],
    ['about an order that there is not', () => ({ about: { orderNumber: 'TB26112299999999' } }), 'order.not_found'],
    ['about a customer that there is not', () => ({ about: { customerId: newId() } }), 'customer.not_found'],
    ['for an owner that there is not', () => ({ owner: 'nobody.here' }), 'staff.member_not_found'],
    ['for somebody of another team', () => ({ owner: stranger.username }), 'staff.not_allowed'],
    ['of a kind that only the system makes', () => ({ kind: 'attention' as never }), 'request.invalid'],
    ['without a title', () => ({ title: ' ' }), 'request.invalid'],
    ['told to the customer though it is a call', () => ({ tellCustomer: true }), 'request.invalid'],
  ])('%s is refused', async (_what, wanted, code) => {
    const before = await world.world.desk.db.count(Task);
    const about = { orderNumber: (await somebody()).orderNumber };
    const body = { kind: 'call', title: '确认材料', dueAt: inHours(2), about, ...wanted() };
    expect(await consultant.codeOf('POST', '/staff/tasks', body)).toBe(code);
    expect(await world.world.desk.db.count(Task)).toBe(before);
  });

  it('about another team’s customer, or by who works on none, is refused', async () => {
    const about = { customerId: (await somebody()).customerId };
    const body = { kind: 'call', title: '确认材料', dueAt: inHours(2), about };
    expect(await stranger.codeOf('POST', '/staff/tasks', body)).toBe('staff.not_allowed');
    const auditor = await buildStaff(world, ['auditor']);
    expect(await auditor.codeOf('POST', '/staff/tasks', body)).toBe('staff.not_allowed');
    expect(await auditor.codeOf('GET', '/staff/tasks')).toBe(200);
  });
});

describe('An appointment', () => {
  it('is told to the customer, and told again when it moves, not when its note changes', async () => {
    const person = await somebody();
    const task = await plan({
      kind: 'appointment',
      title: '现场核验',
      place: '北京市海淀区',
      about: { customerId: person.customerId },
      tellCustomer: true,
      dueAt: '2030-01-02T02:00:00.000Z',
    });
    await world.settle();
    expect(cards(person)).toHaveLength(1);
    expect(cards(person)[0]!.rows).toContainEqual({ label: '预约时间', value: '2030年1月2日 10:00' });
    expect(cards(person)[0]!.rows).toContainEqual({ label: '联系人', value: '陈晓' });
    await consultant.data('PATCH', `/staff/tasks/${task.id}`, { note: '带原件' });
    await world.settle();
    expect(cards(person)).toHaveLength(1);
    await consultant.data('PATCH', `/staff/tasks/${task.id}`, { dueAt: '2030-01-03T02:00:00.000Z' });
    await world.settle();
    expect(cards(person)).toHaveLength(2);
    expect(cards(person).flatMap(({ rows }) => rows)).toContainEqual({
      label: '预约时间',
      value: '2030年1月3日 10:00',
    });
  });

  it('without a place, or with a title that the message cannot show, is not told: nothing is half done', async () => {
    const person = await somebody();
    const body = {
      kind: 'appointment',
      title: '这个标题比微信消息字段允许的二十个汉字还要长',
      about: { customerId: person.customerId },
      tellCustomer: true,
      dueAt: inHours(30),
    };
    const place = await consultant.call('POST', '/staff/tasks', body);
    expect(place.body.error?.detail).toEqual({ fields: [{ field: 'place', message: '请填写预约地点' }] });
    const title = await consultant.call('POST', '/staff/tasks', { ...body, place: '北京' });
    expect(title.body.error?.detail).toMatchObject({ fields: [{ field: 'facts.topic' }] });
    await world.settle();
    expect(cards(person)).toHaveLength(0);
    expect(await world.world.desk.db.countBy(Task, { customerId: person.customerId })).toBe(0);
  });

  it('that was missed goes on as a new one, which the customer is told of', async () => {
    const person = await somebody();
    const wanted = { kind: 'appointment', title: '现场核验', place: '北京', tellCustomer: true } as const;
    const { id } = await plan({ ...wanted, about: { customerId: person.customerId } });
    const againAt = inHours(50);
    const done = await consultant.data<TaskView>('POST', `/staff/tasks/${id}/outcome`, { outcome: 'missed', againAt });
    expect(done).toMatchObject({ state: 'done', outcomeWords: '客户未到', endedBy: '陈晓' });
    const [next] = await consultant.pages<TaskView>(`/staff/tasks?customerId=${person.customerId}`);
    expect(next).toMatchObject({ state: 'open', followsId: id, dueAt: againAt, outcome: null, title: '现场核验' });
    await world.settle();
    expect(cards(person)).toHaveLength(2);
  });
});

it('A follow-up about an order is told to the customer', async () => {
  const person = await somebody();
  const about = { orderNumber: person.orderNumber };
  await plan({ kind: 'follow_up', title: '办理是否满意', about, tellCustomer: true });
  await world.settle();
  expect(cards(person)[0]).toMatchObject({ title: '服务回访通知' });
});

describe('The end of a task', () => {
  it('is an outcome of its kind, said once; a mistake can be undone', async () => {
    const { id } = await plan();
    const address = `/staff/tasks/${id}`;
    expect(await consultant.codeOf('POST', `${address}/outcome`, { outcome: 'kept' })).toBe('request.invalid');
    const body = { outcome: 'no_answer', note: '两次均无人接听' };
    expect(await consultant.data('POST', `${address}/outcome`, body)).toMatchObject({ outcomeNote: '两次均无人接听' });
    expect(await consultant.codeOf('POST', `${address}/outcome`, body)).toBe('task.ended');
    expect(await consultant.codeOf('PATCH', address, { title: '改' })).toBe('task.ended');
    expect(await consultant.codeOf('POST', `${address}/cancel`, { reason: '重复' })).toBe('task.ended');
    const open = { state: 'open', outcome: null, outcomeNote: null, endedAt: null, endedBy: null };
    expect(await consultant.data('POST', `${address}/reopen`)).toMatchObject(open);
    expect(await consultant.codeOf('POST', `${address}/reopen`)).toBe('task.illegal_move');
    const cancelled = await consultant.data('POST', `${address}/cancel`, { reason: '客户已自行提交' });
    expect(cancelled).toMatchObject({ state: 'cancelled', outcomeNote: '客户已自行提交' });
    expect(await consultant.codeOf('POST', `/staff/tasks/${newId()}/reopen`)).toBe('task.not_found');
  });

  it('with a time for the next try in the past changes nothing', async () => {
    const { id } = await plan();
    const body = { outcome: 'no_answer', againAt: inHours(-1) };
    expect(await consultant.codeOf('POST', `/staff/tasks/${id}/outcome`, body)).toBe('request.invalid');
    expect(await consultant.data('GET', `/staff/tasks/${id}`)).toMatchObject({ state: 'open', outcome: null });
  });

  it('is written down once, of ten at the same moment', async () => {
    const { id } = await plan();
    const body = { outcome: 'reached', againAt: inHours(5) };
    const codes = await Promise.all(
      Array.from({ length: 10 }, () => consultant.codeOf('POST', `/staff/tasks/${id}/outcome`, body)),
    );
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(await world.world.desk.db.countBy(Task, { followsId: id })).toBe(1);
  });

  it('is not for another team, unless it is their own', async () => {
    const { id } = await plan();
    const body = { outcome: 'reached' };
    expect(await stranger.codeOf('POST', `/staff/tasks/${id}/outcome`, body)).toBe('staff.not_allowed');
    expect(await supervisor.data('PATCH', `/staff/tasks/${id}`, { owner: stranger.username })).toMatchObject({
      owner: { username: stranger.username },
    });
    expect(await stranger.codeOf('POST', `/staff/tasks/${id}/outcome`, body)).toBe(200);
  });
});

describe('The list', () => {
  it('shows the most urgent first, page by page, by owner, kind and what is overdue', async () => {
    const owner = await buildStaff(world, ['consultant'], { teamId: north.id });
    // Some at one instant: the page must end between them.
    const hours = [5, 1, 3, 3, 3, 2, 4, 3];
    const made: TaskView[] = [];
    for (const at of hours) made.push(await plan({ dueAt: inHours(at) }, owner));
    const address = `/staff/tasks?owner=${owner.username}`;
    const listed = await owner.pages<TaskView>(`${address}&limit=2`);
    expect(listed.map(({ dueAt }) => dueAt)).toEqual(made.map(({ dueAt }) => dueAt).toSorted());
    expect(new Set(ids(listed))).toEqual(new Set(ids(made)));
    expect(ids(await owner.pages<TaskView>('/staff/tasks?owner=me&limit=3'))).toEqual(ids(listed));
    expect(await owner.pages(`${address}&kind=appointment`)).toEqual([]);
    expect(await owner.pages(`${address}&overdue=true`)).toEqual([]);

    await world.advance(3.5 * 3600_000);
    await Promise.all([owner, supervisor].map((who) => who.signIn(world.clock.now())));
    const overdue = await owner.pages<TaskView>(`${address}&overdue=true&limit=2`);
    expect(ids(overdue)).toEqual(ids(listed).slice(0, 6));
    expect(overdue.every(({ isOverdue }) => isOverdue)).toBe(true);
    const rows = await owner.data<WorkloadView[]>('GET', '/staff/tasks/workload');
    expect(rows.find((row) => row.owner?.username === owner.username)).toMatchObject({ open: 8, overdue: 6 });

    await owner.data('POST', `/staff/tasks/${made[0]!.id}/outcome`, { outcome: 'reached' });
    await owner.data('POST', `/staff/tasks/${made[1]!.id}/outcome`, { outcome: 'reached' });
    expect(ids(await owner.pages<TaskView>(`${address}&state=done&limit=1`))).toEqual([made[0]!.id, made[1]!.id]);
    const file = await owner.call<string>('GET', `/staff/tasks/export?owner=${owner.username}&format=csv`);
    expect(file.body.split('\r\n').filter((line) => line.includes('确认材料'))).toHaveLength(6);
  });

  it.each(['?after=x', '?owner=', '?overdue=perhaps', '?limit=0', '?state=lost', '?team=us'])(
    'asked for %s is refused',
    async (query) => {
      expect(await supervisor.codeOf('GET', `/staff/tasks${query}`)).toBe('request.invalid');
    },
  );
});

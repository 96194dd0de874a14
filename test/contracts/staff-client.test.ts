import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CampaignBody, ErrorCode } from '../../src/contracts/index.ts';
import { createStaffClient, eachRow, Refused, type StaffClient, staffCalls } from '../../src/contracts/staff-client.ts';
import { buildPeople } from '../support/people.ts';
import { buildStaff } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const PEOPLE = 5;

let world: TestWorld;
let supervisor: StaffClient;
let administrator: StaffClient;
/** Every address that was called, as it went out. */
let called: string[];

const clientFor = (token: string | null) =>
  createStaffClient({
    origin: world.origin,
    token: token ?? undefined,
    fetch: (address, init) => {
      called.push(`${init?.method} ${String(address).slice(world.origin.length)}`);
      return fetch(address, init);
    },
  });

beforeAll(async () => {
  world = await startWorld({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  supervisor = clientFor((await buildStaff(world, ['supervisor'])).token);
  administrator = clientFor((await buildStaff(world, ['administrator'], { username: 'lin.xiao', name: '林晓' })).token);
  const { simulator, clock } = world;
  await buildPeople({ simulator, database: world.world.database, now: () => clock.now() }, PEOPLE);
}, 60_000);
afterAll(() => world.stop());
beforeEach(() => {
  called = [];
});

const campaign: CampaignBody = {
  name: '十一月材料催收',
  message: 'materials-wanted',
  event: '电销卡审核需补交材料',
  facts: { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' },
  audience: { kind: 'query', query: { services: ['sim-review'] } },
};

const soon = () => new Date(world.clock.now().getTime() + 3_600_000).toISOString();

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function refusalOf(asked: Promise<unknown>): Promise<Refused> {
  const outcome = await asked.catch((error: unknown) => error);
  if (!(outcome instanceof Refused)) throw new Error(`it was not refused: ${String(outcome)}`);
  return outcome;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: { properties?: Record<string, unknown> } }> }>;
}

/** What a documented answer gives, in the words of the table. */
function givenBy({ responses }: Operation): string {
  const [status, { content = {} }] = Object.entries(responses).find(([code]) => code.startsWith('2'))!;
  if (status === '204') return 'done';
  const properties = content['application/json']?.schema.properties;
  if (!properties) return 'raw';
  return 'next' in properties ? 'page' : 'data';
}

describe('The table of calls', () => {
  it('sends a file as it is', async () => {
    const list = await supervisor.uploadList({
      query: { name: '十一月名单', message: 'materials-wanted' },
      file: new TextEncoder().encode('订单编号,所需材料\r\nTB00000000000000,营业执照\r\n'),
    });
    expect(list).toMatchObject({ kept: 0, faulty: 1, facts: ['materials'] });
    const faults = await rowsOf(eachRow(supervisor.listFaults, { params: { id: list.id }, query: { limit: 1 } }));
    expect(faults).toEqual([{ line: 2, words: '没有找到这个订单或客户' }]);
    await supervisor.removeList({ params: { id: list.id } });
  });

  it('has every documented route of the staff door once, with what it gives, and nothing else', async () => {
    const document = (await (await fetch(`${world.origin}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      path.startsWith('/staff/')
        ? Object.entries(operations).map(([method, operation]) =>
            [method.toUpperCase(), path.slice('/staff'.length), givenBy(operation)].join(' '),
          )
        : [],
    );
    const known = Object.values(staffCalls).map(({ method, path, gives }) =>
      [method, path.replace(/:(\w+)/g, '{$1}'), gives].join(' '),
    );
    expect(documented.length).toBeGreaterThan(50);
    expect(known.toSorted()).toEqual(documented.toSorted());
  });
});

describe('A script', () => {
  it('reads lists page by page, and hands only on what it was given', async () => {
    const first = await supervisor.listCustomers({ query: { limit: 2, tag: undefined } });
    expect(first.data).toHaveLength(2);
    expect(first.next).toEqual(expect.any(String));
    expect(called).toEqual(['GET /staff/customers?limit=2']);

    const everybody = await rowsOf(eachRow(supervisor.listCustomers, { query: { limit: 2 } }));
    expect(everybody.map(({ nickname }) => nickname).toSorted()).toEqual(['客户0', '客户1', '客户2', '客户3', '客户4']);
    // Three pages of two, after the one above.
    expect(called).toHaveLength(4);

    const [newest] = everybody;
    const tagged = await supervisor.tagCustomer({ params: { id: newest!.id }, body: { tags: ['重点 客户'] } });
    expect(tagged).toMatchObject({ id: newest!.id, tags: ['重点 客户'] });
    expect(await rowsOf(eachRow(supervisor.listCustomers, { query: { tag: '重点 客户' } }))).toEqual([tagged]);

    const members = await rowsOf(eachRow(administrator.listMembers));
    expect(members.map(({ name }) => name)).toContain('林晓');
    expect(await administrator.getMember({ params: { username: 'lin.xiao' } })).toMatchObject({ name: '林晓' });
    const about = { customerId: newest!.id };
    await supervisor.planTask({ body: { kind: 'call', title: '回电', dueAt: soon(), about, owner: null } });
    expect(await rowsOf(eachRow(supervisor.listTasks, { query: { overdue: true } }))).toEqual([]);
    expect(await rowsOf(eachRow(supervisor.listTasks, { query: { owner: 'none' } }))).toMatchObject([
      { title: '回电' },
    ]);

    // Its pages end at numbers.
    const trail = await rowsOf(eachRow(administrator.listAudit, { query: { limit: 2 } }));
    expect(trail.length).toBeGreaterThan(2);
    expect(trail.map(({ number }) => number)).toEqual(trail.map((_entry, at) => trail.length - at));
  });

  it('drafts a campaign, lets it go, and reads how it ended for everybody', async () => {
    const drafted = await supervisor.draftCampaign({ body: campaign });
    expect(drafted).toMatchObject({ ...campaign, state: 'draft' });
    const by = { params: { id: drafted.id } };
    expect(await supervisor.getCampaign(by)).toEqual(drafted);
    expect((await supervisor.listCampaigns({ query: { state: 'draft' } })).data).toEqual([drafted]);

    expect((await supervisor.rehearseCampaign(by)).rehearsal).toMatchObject({ people: PEOPLE });
    await supervisor.releaseCampaign(by);
    await world.until(async () => (await supervisor.getProgress(by)).state === 'done');

    called = [];
    const accepted = { ...by, query: { state: 'accepted', limit: 2 } } as const;
    const deliveries = await rowsOf(eachRow(supervisor.listDeliveries, accepted));
    expect(new Set(deliveries.map(({ customerId }) => customerId)).size).toBe(PEOPLE);
    expect(called).toHaveLength(3);

    const file = await supervisor.exportDeliveries({ ...by, query: { format: 'csv' } });
    expect(file.headers.get('content-type')).toContain('text/csv');
    const lines = (await file.text()).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/客户,订单编号,状态/);
    expect(lines).toHaveLength(1 + PEOPLE);
    expect(await (await supervisor.watchProgress(by)).text()).toMatch(/^event: progress$/m);
  }, 60_000);

  it('makes a key for a machine, and revokes it', async () => {
    const body = { name: '夜间报表', permissions: ['read-customers' as const], days: 1 };
    const { id, key } = await supervisor.createApiKey({ body });
    const machine = clientFor(key);
    expect((await machine.listCustomers({ query: { limit: 1 } })).data).toHaveLength(1);
    expect(await supervisor.revokeApiKey({ params: { id } })).toBeUndefined();
    expect((await refusalOf(machine.getMe())).status).toBe(401);
  });
});

describe('A refusal', () => {
  it('says what, in words and as a code, and which fields', async () => {
    const refused = await refusalOf(
      supervisor.draftCampaign({ body: { ...campaign, name: '', event: '字'.repeat(61) } }),
    );
    expect(refused).toMatchObject({
      name: 'Refused',
      status: 422,
      code: 'request.invalid',
      message: '请检查填写的内容（request.invalid）',
      fields: [
        { field: 'name', message: '请填写' },
        { field: 'event', message: '最多 60 个字' },
      ],
    });
    expect(world.logged.some((line) => line.includes(refused.requestId!))).toBe(true);
  });

  it.each<[string, string | null, ErrorCode]>([
    ['an unknown token', 'x'.repeat(43), 'staff.session_expired'],
    ['no token', null, 'staff.session_required'],
  ])('meets who has %s', async (_whose, token, code) => {
    const client = clientFor(token);
    expect(await refusalOf(client.getMe())).toMatchObject({ status: 401, code, fields: [] });
    expect(await refusalOf(rowsOf(eachRow(client.listCampaigns)))).toMatchObject({ code });
    expect(await refusalOf(client.exportDeliveries({ params: { id: 'any' } }))).toMatchObject({ code });
  });

  it.each([
    ['a page of a proxy’s', 502, '<html>'],
    ['a page in place of what was asked', 200, '<html>'],
    ['JSON of somebody else’s', 200, '{"ok":true}'],
    ['JSON of somebody else’s that is no object', 500, 'null'],
  ])('is also %s', async (_what, status, body) => {
    const client = createStaffClient({
      origin: world.origin,
      token: 'any',
      fetch: async () => new Response(body, { status }),
    });
    for (const asked of [client.getMe(), client.listCampaigns(), client.signOut()]) {
      expect(await refusalOf(asked)).toMatchObject({ status, code: 'server.error', fields: [], requestId: null });
    }
  });
});

describe('An address', () => {
  it('is only what was meant, whatever a parameter holds', async () => {
    const odd = { params: { username: '../me?a=b&c' } };
    expect((await refusalOf(administrator.getMember(odd))).code).toBe('request.invalid');
    expect(called).toEqual(['GET /staff/members/..%2Fme%3Fa%3Db%26c']);
    for (const username of ['', '.', '..'])
      await expect(administrator.getMember({ params: { username } })).rejects.toThrow(TypeError);
    expect(called).toHaveLength(1);
  });

  it('is not left for the one that a redirect names', async () => {
    const elsewhere = createServer((_request, response) => {
      response.writeHead(301, { location: `${world.origin}/staff/me` }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = elsewhere.address() as AddressInfo;
      const client = createStaffClient({ origin: `http://127.0.0.1:${port}`, token: 'any' });
      expect(await refusalOf(client.createTeam({ body: { name: '一组' } }))).toMatchObject({
        status: 301,
        code: 'server.error',
      });
    } finally {
      elsewhere.close();
      elsewhere.closeAllConnections();
    }
  });
});

/** Never called: each of these must not compile. */
export async function wrong(client: StaffClient): Promise<void> {
  // @ts-expect-error there is no such state
  await client.listCampaigns({ query: { state: 'open' } });
  // @ts-expect-error there is no such field of a query
  await client.listMembers({ query: { stat: 'active' } });
  // @ts-expect-error a draft has more fields than its name
  await client.draftCampaign({ body: { name: '催收' } });
  // @ts-expect-error there is no such field of a body
  await client.createTeam({ body: { name: '一组', colour: 'red' } });
  // @ts-expect-error a release has no body
  await client.releaseCampaign({ params: { id: '' }, body: {} });
  // @ts-expect-error it must be said which
  await client.getCampaign();
  // @ts-expect-error there is nothing to say
  await client.getMe({ query: {} });
  // @ts-expect-error nor such a field of what is given
  await client.getMe().then(({ email }) => email);
  // @ts-expect-error teams are no pages
  eachRow(client.listTeams);
  // @ts-expect-error there is no such field of a query here either
  eachRow(client.listMembers, { query: { stat: 'active' } });
  // @ts-expect-error nor may what is needed be left out
  eachRow(client.listDeliveries);
}

import { ServiceVersion } from '../../entities/service-version.ts';
import {
  findServicesOnSale,
  getServiceOnSale,
  getServiceVersion,
  loadServices,
  publishServices,
} from '../../src/catalogue/index.ts';
import type { Desk } from '../../src/platform/work.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { deskOn } from './catalogue-desk.ts';
import { buildDefinition, definitionOf, EXAMPLE } from './example.ts';

const FIRST_DAY = new Date('2026-03-02T02:00:00.000Z');
const NEXT_DAY = new Date('2026-03-03T02:00:00.000Z');

let fresh: TestDatabase;
let desk: Desk;
let now: Date;
beforeEach(async () => {
  fresh = await freshDatabase();
  now = FIRST_DAY;
  desk = deskOn(fresh.database, () => now);
});
afterEach(() => fresh.drop());

/** Desks with connections of their own. The embedded database has one writer in a process, so there they share it. */
async function severalProcesses(): Promise<Desk[]> {
  const isServer = fresh.database.kind === 'mysql';
  const databases = await Promise.all([1, 2, 3].map(async () => (isServer ? fresh.open() : fresh.database)));
  return [desk, ...databases.map((database) => deskOn(database))];
}

const permit = buildDefinition();
const dearer = buildDefinition({ summary: '涨价了。' });
const other = buildDefinition({ code: 'other', position: 5 });

const versions = async (code: string) =>
  (await desk.db.find(ServiceVersion, { where: { code }, order: { version: 'ASC' } })).map((row) => [
    row.version,
    row.publishedAt.toISOString(),
    row.withdrawnAt?.toISOString() ?? null,
  ]);

describe('publishing services', () => {
  it('writes the first version of each, once, however often it is done', async () => {
    expect(await publishServices(desk, [permit, other])).toEqual({
      published: [
        { code: 'other', version: 1 },
        { code: 'shop-permit', version: 1 },
      ],
      withdrawn: [],
    });
    now = NEXT_DAY;
    expect(await publishServices(desk, [permit, other])).toEqual({ published: [], withdrawn: [] });
    expect(await versions('shop-permit')).toEqual([[1, FIRST_DAY.toISOString(), null]]);
  });

  it('makes a new version of what has changed and withdraws the old one, which stays for its orders', async () => {
    await publishServices(desk, [permit, other]);
    now = NEXT_DAY;
    expect(await publishServices(desk, [dearer, other])).toEqual({
      published: [{ code: 'shop-permit', version: 2 }],
      withdrawn: [],
    });
    expect(await versions('shop-permit')).toEqual([
      [1, FIRST_DAY.toISOString(), NEXT_DAY.toISOString()],
      [2, NEXT_DAY.toISOString(), null],
    ]);
    expect(await versions('other')).toEqual([[1, FIRST_DAY.toISOString(), null]]);
    expect((await getServiceVersion(desk, 'shop-permit', 1)).definition).toEqual(permit);
    expect(await getServiceOnSale(desk, 'shop-permit')).toMatchObject({ version: 2, definition: dearer });
  });

  it('takes no notice of the order of the lines or of comments', async () => {
    await publishServices(desk, [permit]);
    const reordered = EXAMPLE.replace('name: 开店许可代办\n', '').replace(
      'position: 10',
      '# 排序\nposition: 10\nname: 开店许可代办',
    );
    expect((await publishServices(desk, [definitionOf(reordered)])).published).toEqual([]);
  });

  it('takes no notice of the order of keys in the program that reads the file', async () => {
    await publishServices(desk, [permit]);
    const turned = (value: object) => Object.fromEntries(Object.entries(value).toReversed());
    const same = turned({ ...permit, packages: permit.packages.map(turned) }) as typeof permit;
    expect(JSON.stringify(same)).not.toBe(JSON.stringify(permit));
    expect((await publishServices(desk, [same])).published).toEqual([]);
  });

  it('takes the order of a list for a change', async () => {
    await publishServices(desk, [permit]);
    const turned = buildDefinition({ packages: permit.packages.toReversed() });
    expect((await publishServices(desk, [turned])).published).toEqual([{ code: 'shop-permit', version: 2 }]);
  });

  it('withdraws a service whose file is gone, and goes on counting when it comes back', async () => {
    await publishServices(desk, [permit, other]);
    now = NEXT_DAY;
    expect(await publishServices(desk, [other])).toEqual({ published: [], withdrawn: ['shop-permit'] });
    expect((await findServicesOnSale(desk)).map(({ code }) => code)).toEqual(['other']);
    await expect(getServiceOnSale(desk, 'shop-permit')).rejects.toMatchObject({ code: 'catalogue.service_not_found' });
    expect((await getServiceVersion(desk, 'shop-permit', 1)).definition).toEqual(permit);
    expect(await publishServices(desk, [other])).toEqual({ published: [], withdrawn: [] });

    expect((await publishServices(desk, [permit, other])).published).toEqual([{ code: 'shop-permit', version: 2 }]);
  });

  it('is done once when several processes start at the same moment, the first time and after a change', async () => {
    const processes = await severalProcesses();
    for (const [version, definition] of [permit, dearer].entries()) {
      const done = await Promise.all(processes.map((each) => publishServices(each, [definition, other])));
      const mine = done.flatMap(({ published }) => published).filter(({ code }) => code === 'shop-permit');
      expect(mine).toEqual([{ code: 'shop-permit', version: version + 1 }]);
    }
    expect(await versions('shop-permit')).toHaveLength(2);
    expect(await versions('other')).toHaveLength(1);
  });

  it('leaves one version on sale when processes with different files start at the same moment', async () => {
    await publishServices(desk, [permit]);
    const processes = await severalProcesses();
    await Promise.all(
      processes.map((each, at) => publishServices(each, [buildDefinition({ summary: `第 ${at % 2} 种。` })])),
    );
    const rows = await versions('shop-permit');
    expect(rows.map(([version]) => version)).toEqual(rows.map((_, at) => at + 1));
    expect(rows.filter(([, , withdrawnAt]) => withdrawnAt === null)).toHaveLength(1);
    expect(rows.at(-1)![2]).toBeNull();
  });

  it('keeps the services that we sell as they were written', async () => {
    const services = await loadServices();
    await publishServices(desk, services);
    const kept = await findServicesOnSale(desk);
    expect(kept.map(({ definition }) => definition)).toEqual(services.toSorted((a, b) => a.position - b.position));
  });
});

describe('finding a service', () => {
  it('gives what is on sale in the order of its places', async () => {
    const hidden = buildDefinition({ code: 'hidden', onSale: false });
    await publishServices(desk, [permit, other, hidden]);
    expect((await findServicesOnSale(desk)).map(({ code }) => code)).toEqual(['other', 'shop-permit']);
    await expect(getServiceOnSale(desk, 'hidden')).rejects.toMatchObject({ code: 'catalogue.service_not_found' });
  });

  it('refuses an order for a version that is no longer sold', async () => {
    await publishServices(desk, [permit]);
    await publishServices(desk, [dearer]);
    expect(await getServiceOnSale(desk, 'shop-permit', 2)).toMatchObject({ version: 2 });
    for (const seen of [1, 3]) {
      await expect(getServiceOnSale(desk, 'shop-permit', seen)).rejects.toMatchObject({
        status: 409,
        code: 'catalogue.version_changed',
        detail: { version: 2 },
      });
    }
    await expect(getServiceOnSale(desk, 'SHOP-PERMIT')).rejects.toMatchObject({ status: 404 });
    await expect(getServiceVersion(desk, 'shop-permit', 3)).rejects.toMatchObject({ status: 404 });
  });
});

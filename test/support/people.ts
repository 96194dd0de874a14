import { ConsentEntry } from '../../entities/consent-entry.ts';
import { Customer } from '../../entities/customer.ts';
import { Order } from '../../entities/order.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { type Database, insertAll } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';

export interface Somebody {
  customerId: string;
  personId: string;
  orderNumber: string;
  accountOpenid: string;
  programOpenid: string;
}

export interface SomebodyOptions {
  /** Follows the account, and we know it. */
  follows?: boolean;
  /** Consents to materials-wanted in the mini-program. */
  consents?: number;
  /** Has no WeChat identity with us at all. */
  isStranger?: boolean;
  teamId?: string | null;
  order?: Partial<Order>;
}

/** Where people are made: in WeChat and in our books at once, as if they had signed in. */
export interface Place {
  simulator: Pick<RunningSimulator, 'world'>;
  database: Pick<Database, 'transaction'>;
  now(): Date;
}

const ROWS_AT_ONCE = 500;

/** People, each with a paid order of one service unless told otherwise. */
export async function buildPeople(
  { simulator: { world }, database, now }: Place,
  count: number,
  optionsOf: (at: number) => SomebodyOptions = () => ({ follows: true }),
): Promise<Somebody[]> {
  const made = Array.from({ length: count }, (_none, at) => {
    const options = optionsOf(at);
    const person = world.people.add({ id: newId(), nickname: `客户${at}`, follows: options.follows ?? false });
    const customerId = newId();
    const createdAt = now();
    const customer = { id: customerId, nickname: person.nickname, teamId: options.teamId ?? null, createdAt };
    return {
      options,
      person,
      customer: Object.assign(new Customer(), customer),
      order: buildOrder(customerId, now(), options.order),
    };
  });
  const [account, program] = [world.officialAccount, world.miniProgram];
  const templateId = world.kit.miniProgram.templates.find(({ title }) => title === '材料提交提醒')!.priTmplId;
  const known = made.filter(({ options }) => !options.isStranger);
  const identities = known.flatMap(({ person, customer, options }) => {
    const shared = { customerId: customer.id, unionid: person.unionid, createdAt: now(), seenAt: now() };
    return ([account, program] as const).map(({ appid, kind }) => {
      const follow = kind === 'mini-program' ? null : options.follows ? 'following' : 'not_following';
      const openid = person.openids[appid]!;
      return Object.assign(new WechatIdentity(), shared, { id: newId(), appKind: kind, appid, openid, follow });
    });
  });
  const consents = known.flatMap(({ person, customer, options }) =>
    Array.from({ length: options.consents ?? 0 }, () => {
      world.miniProgram.consents.accept(person.id, templateId, false);
      const key = { customerId: customer.id, appid: program.appid, openid: person.openids[program.appid]!, templateId };
      return Object.assign(new ConsentEntry(), key, { id: newId(), delta: 1, source: `push:${newId()}`, at: now() });
    }),
  );
  await database.transaction(async (db) => {
    const insert = async <Row extends object>(entity: new () => Row, rows: Row[]) => {
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
        await insertAll(db, entity, rows.slice(from, from + ROWS_AT_ONCE));
    };
    await insert(
      Customer,
      made.map(({ customer }) => customer),
    );
    await insert(WechatIdentity, identities as WechatIdentity[]);
    await insert(
      Order,
      made.map(({ order }) => order),
    );
    await insert(ConsentEntry, consents);
  });
  return made.map(({ person, customer, order }) => ({
    customerId: customer.id,
    personId: person.id,
    orderNumber: order.number,
    accountOpenid: person.openids[account.appid]!,
    programOpenid: person.openids[program.appid]!,
  }));
}

let ordered = 0;

export function buildOrder(customerId: string, placedAt: Date, wanted: Partial<Order> = {}): Order {
  return Object.assign(new Order(), {
    id: newId(),
    number: `TB261125${String((ordered += 1)).padStart(8, '0')}`,
    customerId,
    serviceVersionId: newId(),
    serviceCode: 'sim-review',
    serviceVersion: 1,
    serviceName: '电销卡审核',
    packageCode: 'standard',
    packageName: '标准',
    planCode: 'full',
    buyerKind: 'person',
    contactName: '林晓',
    contactPhoneSealed: 'sealed',
    preCheck: [],
    amountFen: 19_900,
    paidFen: 19_900,
    state: 'paid',
    placedAt,
    ...wanted,
  });
}

/** How many messages each person has in the chats, by openid, as the stand-in WeChat counts them. */
export function receivedIn({ world }: Pick<RunningSimulator, 'world'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { openid } of world.platform.messages.all()) counts.set(openid, (counts.get(openid) ?? 0) + 1);
  return counts;
}

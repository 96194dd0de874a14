import { type EntityManager, type FindOptionsWhere, In, IsNull, LessThan } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { CustomerTag } from '../../entities/customer-tag.ts';
import { Team } from '../../entities/team.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { FollowState } from '../contracts/customers.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';
import { customerNotFound, teamNotFound } from './errors.ts';
import { openPhone } from './phone-number.ts';
import { canServe } from './policy.ts';

export interface CustomerQuery {
  after?: string | undefined;
  limit: number;
  /** Part of the nickname. */
  nickname?: string | undefined;
  tag?: string | undefined;
  /** `none`: nobody's in particular. */
  team?: string | undefined;
}

/** A customer with what staff see beside. */
export interface KnownCustomer {
  customer: Customer;
  follow: FollowState;
  tags: string[];
}

/** Newest first, one row more than the page holds; merged ones are not shown. */
export async function listCustomers(work: Work, query: CustomerQuery): Promise<KnownCustomer[]> {
  const { after, limit, nickname, tag, team } = query;
  const where: FindOptionsWhere<Customer> = { mergedIntoId: IsNull() };
  if (after) where.id = LessThan(after);
  if (team) where.teamId = team === 'none' ? IsNull() : team;
  const found = work.db
    .createQueryBuilder(Customer, 'customer')
    .where(where)
    .orderBy('customer.id', 'DESC')
    .take(limit + 1);
  // Both databases know it, and no letter in it means anything else.
  if (nickname) found.andWhere('INSTR(customer.nickname, :nickname) > 0', { nickname });
  if (tag) found.innerJoin(CustomerTag, 'tag', 'tag.customerId = customer.id AND tag.tag = :tag', { tag });
  return withDetails(work.db, await found.getMany());
}

/** @throws {AppError} customer.not_found; somebody merged is found as the survivor */
export async function getCustomer(work: Work, id: string): Promise<KnownCustomer> {
  const customer = await work.db.findOneBy(Customer, { id, mergedIntoId: IsNull() });
  if (!customer) throw customerNotFound();
  const [known] = await withDetails(work.db, [customer]);
  return known!;
}

async function withDetails(db: EntityManager, customers: readonly Customer[]): Promise<KnownCustomer[]> {
  const customerId = In(customers.map(({ id }) => id));
  const tags = await db.find(CustomerTag, { where: { customerId }, order: { tag: 'ASC' } });
  const identities = await db.findBy(WechatIdentity, { customerId, appKind: 'official-account' });
  return customers.map((customer) => {
    const follows = identities.filter((one) => one.customerId === customer.id).map(({ follow }) => follow);
    const follow =
      follows.find((state) => state === 'following') ?? follows.find((state) => state !== null) ?? 'unknown';
    return { customer, follow, tags: tags.filter((one) => one.customerId === customer.id).map((one) => one.tag) };
  });
}

/**
 * The phone number in full. The reason goes into the trail, the number does not.
 * @throws {AppError} customer.not_found, staff.not_allowed
 */
export async function unmaskPhone(
  work: Transaction,
  who: StaffActor,
  id: string,
  reason: string,
): Promise<string | null> {
  const customer = await lockCustomer(work, who, id);
  work.audit({ deed: 'customer-unmasked', subject: { kind: 'customer', id }, after: { field: 'phone', reason } });
  return openPhone(work.vault, customer);
}

/** @throws {AppError} customer.not_found, staff.not_allowed */
export async function setTags(work: Transaction, who: StaffActor, id: string, tags: readonly string[]): Promise<void> {
  await lockCustomer(work, who, id);
  const before = await work.db.findBy(CustomerTag, { customerId: id });
  const gone = before.filter(({ tag }) => !tags.includes(tag));
  const fresh = tags.filter((tag) => !before.some((one) => one.tag === tag));
  if (gone.length + fresh.length === 0) return work.unchanged();
  if (gone.length > 0) await work.db.delete(CustomerTag, { id: In(gone.map((one) => one.id)) });
  const createdAt = work.now();
  for (const tag of fresh) await work.db.insert(CustomerTag, { id: newId(), customerId: id, tag, createdAt });
  const subject = { kind: 'customer', id };
  work.audit({ deed: 'customer-tagged', subject, before: { tags: before.map(({ tag }) => tag) }, after: { tags } });
}

/** @throws {AppError} customer.not_found, staff.team_not_found */
export async function setTeam(work: Transaction, who: StaffActor, id: string, teamId: string | null): Promise<void> {
  const customer = await lockCustomer(work, who, id);
  if (customer.teamId === teamId) return work.unchanged();
  if (teamId !== null && !(await work.db.existsBy(Team, { id: teamId }))) throw teamNotFound();
  await work.db.update(Customer, { id }, { teamId });
  const subject = { kind: 'customer', id };
  work.audit({ deed: 'customer-assigned', subject, before: { teamId: customer.teamId }, after: { teamId } });
}

async function lockCustomer({ db }: Transaction, who: StaffActor, id: string): Promise<Customer> {
  const where = { id, mergedIntoId: IsNull() };
  const customer = await db.findOne(Customer, { where, ...locked<Customer>(db) });
  if (!customer) throw customerNotFound();
  if (!canServe(who, customer)) throw notAllowed();
  return customer;
}

import { Customer } from '../../entities/customer.ts';
import type { Observation } from '../../entities/account.ts';
import type {
  NewAccountBody,
  NewEntryBody,
  ProofView,
  StaffAccountView,
  VerificationEntryView,
  VerificationSource,
} from '../../src/contracts/index.ts';
import { observe } from '../../src/verification/observe.ts';
import { PDF } from './invoices.ts';
import type { Phone } from './phone.ts';
import type { StaffClient } from './staff.ts';
import type { TestWorld } from './world.ts';

export const DAY_MS = 24 * 3600_000;
export const COMPANY = '福建省测试信息科技有限公司';

export const inDays = ({ clock }: TestWorld, days: number): Date => new Date(clock.now().getTime() + days * DAY_MS);

/** Somebody signed in with the mini-program, and who that is to us. */
export async function buildCustomer(world: TestWorld): Promise<{ phone: Phone; customerId: string }> {
  const phone = await world.person();
  await phone.signInMiniProgram();
  const [newest] = await world.world.desk.db.find(Customer, { order: { id: 'DESC' }, take: 1 });
  return { phone, customerId: newest!.id };
}

export const buildAccount = (
  staff: StaffClient,
  customerId: string,
  wanted: Partial<NewAccountBody> = {},
): Promise<StaffAccountView> =>
  staff.data('POST', '/staff/accounts', { kind: 'service', name: '测试服务号', customerId, ...wanted });

let made = 0;

/** Somebody says something of the account, as it reaches us. */
export async function hear(
  { world, clock }: TestWorld,
  accountId: string,
  said: Observation,
  { source = 'query', at = clock.now() }: { source?: VerificationSource; at?: Date } = {},
): Promise<void> {
  const word = { source, said, happenedAt: at, mark: `test:${++made}`, raw: '{"secret":"raw-payload"}' };
  await world.desk.as({ kind: 'system' }).transaction((work) => observe(work, accountId, word));
}

/** What WeChat answers of an account that is verified until then. */
export const verifiedUntil = (until: Date): Observation => ({
  isQualified: true,
  isNamed: true,
  expiresAt: until.toISOString(),
  subject: COMPANY,
});

/** Staff enter what a letter says. */
export async function enterFor(
  staff: StaffClient,
  accountId: string,
  wanted: Partial<NewEntryBody> & Pick<NewEntryBody, 'happenedAt'>,
): Promise<VerificationEntryView> {
  const sent = await fetch(`${staff.origin}/staff/verification-proofs?name=letter.pdf`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${staff.token}` },
    body: PDF,
  });
  const { data } = (await sent.json()) as { data: ProofView };
  return staff.data('POST', `/staff/accounts/${accountId}/entries`, {
    note: '客户发来的后台截图',
    proofId: data.id,
    ...wanted,
  });
}

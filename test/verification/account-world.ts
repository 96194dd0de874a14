import { Account } from '../../entities/account.ts';
import { Customer } from '../../entities/customer.ts';
import type { NewEntryBody, ProofView, StaffAccountView, VerificationEntryView } from '../../src/contracts/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { turnAccounts } from '../../src/verification/index.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

/** Staff are still signed in. */
const HALF_AN_HOUR_MS = 1800_000;
export const DAY_MS = 24 * 3600_000;
/** The beginning of a PNG file. */
export const PICTURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** The agency's accounts and customers', two consultants and a supervisor. */
export class AccountWorld {
  private constructor(
    readonly test: TestWorld,
    readonly maker: StaffClient,
    readonly checker: StaffClient,
    readonly supervisor: StaffClient,
  ) {}

  static async start(options: TestWorldOptions = {}): Promise<AccountWorld> {
    const environment = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', ...options.environment };
    const test = await startWorld({ ...options, environment });
    const maker = await buildStaff(test, ['consultant']);
    const checker = await buildStaff(test, ['consultant']);
    return new AccountWorld(test, maker, checker, await buildStaff(test, ['supervisor']));
  }

  get desk() {
    return this.test.world.desk;
  }

  get appids() {
    const { officialAccount, miniProgram } = this.desk;
    return { officialAccount: officialAccount.appid, miniProgram: miniProgram.appid };
  }

  async customer(nickname = '测试客户'): Promise<string> {
    const id = newId();
    await this.desk.transaction((work) =>
      work.db.insert(Customer, Object.assign(new Customer(), { id, nickname, createdAt: work.now() })),
    );
    return id;
  }

  /** A customer's account, registered by a consultant. */
  async registered(more: object = {}): Promise<StaffAccountView> {
    const customerId = await this.customer();
    return this.maker.data('POST', '/staff/accounts', { kind: 'service', name: '测试科技', customerId, ...more });
  }

  get lever() {
    return this.test.lever;
  }

  see = (id: string) => this.maker.data<StaffAccountView>('GET', `/staff/accounts/${id}`);
  history = (id: string) => this.maker.pages<VerificationEntryView>(`/staff/accounts/${id}/entries?limit=100`);

  /** One of the agency's own. */
  async own(appid = this.appids.officialAccount): Promise<StaffAccountView> {
    return this.see((await this.desk.db.findOneByOrFail(Account, { appid })).id);
  }

  async keepProof(bytes = PICTURE, who = this.maker): Promise<{ status: number; body: { data: ProofView } }> {
    const answer = await fetch(`${this.test.origin}/staff/verification-proofs?name=${encodeURIComponent('证明.png')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    return { status: answer.status, body: (await answer.json()) as { data: ProofView } };
  }

  async entryBody(more: Partial<NewEntryBody>): Promise<NewEntryBody> {
    const { body } = await this.keepProof();
    return {
      happenedAt: this.test.clock.now().toISOString(),
      note: '后台截图',
      proofId: body.data.id,
      ...more,
    };
  }

  async enter(accountId: string, more: Partial<NewEntryBody>): Promise<VerificationEntryView> {
    return this.maker.data('POST', `/staff/accounts/${accountId}/entries`, await this.entryBody(more));
  }

  decide = (entryId: string, body: object = { agree: true }, who = this.checker) =>
    who.codeOf('POST', `/staff/verification-entries/${entryId}/decision`, body);

  /** Entered by one, agreed to by the other. */
  async confirmed(accountId: string, more: Partial<NewEntryBody>): Promise<void> {
    const { id } = await this.enter(accountId, more);
    const outcome = await this.decide(id);
    if (outcome !== 200) throw new Error(String(outcome));
    await this.test.settle();
  }

  /** Days pass; what the clock brings is brought, and staff sign in again. */
  later = (days: number): Promise<void> => this.pass(days * DAY_MS);

  /** To a moment later than an instant: what WeChat pushes then is still fresh. */
  until = (instant: string): Promise<void> => this.pass(Date.parse(instant) + 5000 - this.test.clock.now().getTime());

  async pass(ms: number): Promise<void> {
    await this.test.advance(ms);
    await this.lever('/pushes/settled', {});
    await this.test.settle();
    await turnAccounts(this.desk);
    await this.test.settle();
    if (ms < HALF_AN_HOUR_MS) return;
    for (const who of [this.maker, this.checker, this.supervisor]) await who.signIn(this.test.clock.now());
  }

  stop = () => this.test.stop();
}

import { AuditEntry } from '../../entities/audit-entry.ts';
import { RefundRerouting } from '../../entities/refund-rerouting.ts';
import type {
  ProposeReroutingBody,
  RefundProposalView,
  RefundReroutingView,
  TaskView,
} from '../../src/contracts/index.ts';
import { bookedSum, messagesOf } from '../support/books.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const REFUNDS = '/v3/refund/domestic/refunds';
const CARD: ProposeReroutingBody = {
  bank: 'icbc',
  cardNumber: '6222000000000001234',
  cardHolder: '王小明',
  note: '已电话核实，本人借记卡',
};

let world: TestWorld;
let maker: StaffClient;
let checker: StaffClient;

beforeEach(async () => {
  const environment = { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000', REFUND_LIMIT_SUPERVISOR_FEN: '1000' };
  world = await startWorld({ environment });
  await world.lever('/pay/settings', { refundGapMs: 0, refundOutcome: 'ABNORMAL' });
  maker = await buildStaff(world, ['finance']);
  checker = await buildStaff(world, ['finance']);
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

/** As many seconds as WeChat takes, and what it then says. */
async function pass(): Promise<void> {
  await world.advance(10_000);
  await world.settle();
}

/** A refund that WeChat could not give back. */
async function stuck(amountFen = 2000): Promise<{ proposalId: string; number: string }> {
  const customer = await world.person({ follows: true });
  await customer.signInMiniProgram();
  const order = await customer.order();
  const started = await customer.startPayment(order.number);
  await customer.pay(started);
  await customer.post(`/app/payments/${started.number}/look`);
  const address = `/staff/orders/${order.number}/refund-proposals`;
  const body = { amountFen, reason: '客户取消办理', changeReason: '协商一致' };
  const { id } = await maker.data<RefundProposalView>('POST', address, body);
  await checker.data('POST', `/staff/refund-proposals/${id}/approval`);
  await world.settle();
  await pass();
  const [refund] = (await see(id)).refunds;
  expect(refund).toMatchObject({ state: 'abnormal' });
  return { proposalId: id, number: refund!.number };
}
const see = (id: string) => maker.data<RefundProposalView>('GET', `/staff/refund-proposals/${id}`);
const propose = (number: string, who = maker, card = CARD) =>
  who.data<RefundReroutingView>('POST', `/staff/refunds/${number}/reroutings`, card);
const seeCard = (id: string) => maker.data<RefundReroutingView>('GET', `/staff/refund-reroutings/${id}`);
const decide = (id: string, deed: string, who = checker, body?: object) =>
  who.codeOf('POST', `/staff/refund-reroutings/${id}/${deed}`, body);
const tasks = async () => (await checker.pages<TaskView>('/staff/tasks?kind=attention')).map(({ title }) => title);
const calls = async () =>
  (await world.lever<{ path: string }[]>(`/calls?path=${encodeURIComponent(REFUNDS)}`)).filter(({ path }) =>
    path.endsWith('apply-abnormal-refund'),
  ).length;

describe('A refund that WeChat could not give back', () => {
  it('goes to the payer’s card when two people say so; then nothing of the card is kept', async () => {
    const { proposalId, number } = await stuck();
    const card = await propose(number);
    expect(card).toMatchObject({
      refundNumber: number,
      amountFen: 2000,
      bankWords: '工商银行',
      cardMasked: '**** 1234',
      cardHolderMasked: '王**',
      state: 'proposed',
    });
    await world.settle();
    expect(await calls()).toBe(0);
    expect(await decide(card.id, 'approval')).toBe(200);
    await world.settle();
    expect(await seeCard(card.id)).toMatchObject({ state: 'accepted', stateWords: '微信已受理' });
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'processing' }]);
    await pass();
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'succeeded', receivedBy: '工商银行借记卡1234' }]);
    expect((await messagesOf(world.world)).map(({ message }) => message)).toContain('refund-arrived');

    const kept = await world.world.desk.db.findOneByOrFail(RefundRerouting, { id: card.id });
    expect([kept.cardSealed, kept.holderSealed]).toEqual([null, null]);
    const trail = await world.world.desk.db.findBy(AuditEntry, { subjectKind: 'refund-rerouting' });
    expect(trail.map(({ deed }) => deed)).toEqual(['refund-rerouting-proposed', 'refund-rerouting-approved']);
    expect(JSON.stringify(trail)).not.toMatch(/6222|小明/);
  });

  it('is a task while it is one, and another one when the card does not get it either', async () => {
    const { proposalId, number } = await stuck();
    const stuckTasks = async () => (await tasks()).filter((title) => title.startsWith('退款异常'));
    expect(await stuckTasks()).toHaveLength(1);
    expect(await decide((await propose(number)).id, 'approval')).toBe(200);
    await world.settle();
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'processing' }]);
    expect(await tasks()).toEqual([]);
    await world.lever(`/pay/refunds/${number}/end`, { status: 'ABNORMAL' });
    await pass();
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'abnormal' }]);
    expect(await stuckTasks()).toHaveLength(1);
  });

  it('is sealed while it waits', async () => {
    const { number } = await stuck();
    const { id } = await propose(number);
    const kept = await world.world.desk.db.findOneByOrFail(RefundRerouting, { id });
    expect(JSON.stringify(kept)).not.toMatch(/6222|小明/);
  });

  it('is decided by somebody else, within their limit, once', async () => {
    const { number } = await stuck();
    const { id } = await propose(number);
    expect(await decide(id, 'approval', maker)).toBe('refund.own_rerouting');
    expect(await decide(id, 'rejection', maker, { note: '不对' })).toBe('refund.own_rerouting');
    const supervisor = await buildStaff(world, ['supervisor']);
    expect(await decide(id, 'approval', supervisor)).toBe('refund.above_limit');
    expect(await decide(id, 'withdrawal')).toBe('staff.not_allowed');
    expect(await decide(id, 'rejection', checker, { note: '卡号与客户所述不符' })).toBe(200);
    expect(await seeCard(id)).toMatchObject({ state: 'rejected', decisionNote: '卡号与客户所述不符' });
    expect(await decide(id, 'approval')).toBe('refund.rerouting_illegal_move');
    expect(await calls()).toBe(0);
    // Another card may be named now, and be taken back.
    const other = await propose(number);
    expect(await maker.codeOf('POST', `/staff/refunds/${number}/reroutings`, CARD)).toBe('refund.rerouting_open');
    expect(await decide(other.id, 'withdrawal', maker)).toBe(200);
    const listed = await maker.pages<RefundReroutingView>(`/staff/refund-reroutings?refundNumber=${number}`);
    expect(listed.map(({ state }) => state)).toEqual(['withdrawn', 'rejected']);
    expect(await maker.pages('/staff/refund-reroutings?state=proposed')).toEqual([]);
  });

  it('is sent once when the answer is lost, and when two approve at the same instant', async () => {
    const { proposalId, number } = await stuck();
    const { id } = await propose(number);
    await world.lever('/faults', { path: '^.*apply-abnormal-refund$', kind: 'reset-after-effect', times: 1 });
    const third = await buildStaff(world, ['finance']);
    const answers = await Promise.all([decide(id, 'approval'), decide(id, 'approval', third)]);
    expect(answers.filter((answer) => answer === 200)).toHaveLength(1);
    await world.settle();
    await world.advance(5 * 60_000);
    await world.settle();
    expect(await seeCard(id)).toMatchObject({ state: 'accepted' });
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(await calls()).toBe(1);
  });

  it('stays with us when WeChat does not take the card, and somebody is told', async () => {
    const { proposalId, number } = await stuck();
    const { id } = await propose(number);
    await world.lever('/faults', { path: '^.*apply-abnormal-refund$', kind: 'code', code: 'PARAM_ERROR', times: 1 });
    expect(await decide(id, 'approval')).toBe(200);
    await world.settle();
    expect(await seeCard(id)).toMatchObject({ state: 'refused', failure: 'param_error' });
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'abnormal' }]);
    expect((await tasks()).filter((title) => title.startsWith('微信未受理改退银行卡'))).toHaveLength(1);
    expect(await propose(number)).toMatchObject({ state: 'proposed' });
  });

  it('that is not abnormal any more goes nowhere else', async () => {
    const { proposalId, number } = await stuck();
    const { id } = await propose(number);
    await world.lever(`/pay/refunds/${number}/end`, { status: 'SUCCESS' });
    // The portal's deed is not known here yet; WeChat is asked before anything is sent.
    expect(await decide(id, 'approval')).toBe(200);
    await world.settle();
    expect((await see(proposalId)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(await calls()).toBe(0);
    expect(await maker.codeOf('POST', `/staff/refunds/${number}/reroutings`, CARD)).toBe('refund.not_abnormal');
  });

  it.each([
    ['bank', { bank: 'hsbc' }],
    ['cardNumber', { cardNumber: '6222 0000 0000 0001' }],
    ['cardHolder', { cardHolder: ' ' }],
    ['note', { note: '' }],
  ])('is not sent to a card with a wrong %s', async (field, wrong) => {
    const answer = await maker.call('POST', '/staff/refunds/R1/reroutings', { ...CARD, ...wrong });
    expect([answer.status, answer.body.error?.detail]).toMatchObject([422, { fields: [{ field }] }]);
  });

  it('is not found under a number that is none', async () => {
    expect(await maker.codeOf('POST', '/staff/refunds/R1/reroutings', CARD)).toBe('refund.not_found');
    expect(await decide('01a21427-c03a-746a-b761-65ead8010dc0', 'approval')).toBe('refund.rerouting_not_found');
  });
});

import { Complaint, ComplaintDeed } from '../../entities/complaint.ts';
import type {
  AuditEntryView,
  ComplaintDeedView,
  ComplaintView,
  RefundProposalView,
  TaskView,
} from '../../src/contracts/index.ts';
import { payClient } from '../simulator/pay-client.ts';
import { bookedSum, messagesOf } from '../support/books.ts';
import type { Phone } from '../support/phone.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import type { TestWorld } from '../support/world.ts';
import {
  atWechat,
  complain,
  HOUR_MS,
  MERCHANT,
  newsArrive,
  paidOrder,
  PNG,
  type Raised,
  shown,
  startComplaintWorld,
} from './complaint-world.ts';

const MINUTE_MS = 60_000;
const WORDS = '您好，我们已联系您核实进度';

let world: TestWorld;
let customer: Phone;
let consultant: StaffClient;
let supervisor: StaffClient;
let raised: Raised;
let id: string;

beforeEach(async () => {
  ({ world, customer } = await startComplaintWorld());
  await world.lever('/pay/settings', { refundGapMs: 0 });
  await paidOrder(world, customer);
  consultant = await buildStaff(world, ['consultant']);
  supervisor = await buildStaff(world, ['supervisor']);
}, 60_000);
afterEach(async () => {
  expect(await bookedSum(world.world)).toBe(0);
  await world.stop();
});

async function raise(wanted: object = {}): Promise<void> {
  raised = await complain(world, wanted);
  ({ id } = await shown(consultant, raised));
}
const at = (what: string) => `/staff/complaints/${id}/${what}`;
const answer = (body: object = { content: WORDS }, who = consultant) =>
  who.call<{ data: ComplaintDeedView; error?: { code: string; detail?: unknown } }>('POST', at('answers'), body);
const codeOfAnswer = async (body: object, who = consultant) => {
  const { status, body: said } = await answer(body, who);
  return said.error?.code ?? status;
};
const view = () => consultant.data<ComplaintView>('GET', `/staff/complaints/${id}`);
const said = () => atWechat(world, raised, 'MERCHANT_RESPONSE');
const tasks = (state = 'open') => consultant.pages<TaskView>(`/staff/tasks?kind=complaint&state=${state}`);
const breakNext = (kind: string, times = 1, what = 'response') =>
  world.lever('/faults', { path: `${MERCHANT}/complaints-v2/${raised.id}/${what}`, method: 'POST', kind, times });
/** Somebody does it in WeChat's own portal. */
const inPortal = async (what: string, more: object = {}) => {
  const address = `${MERCHANT}/complaints-v2/${raised.id}/${what}`;
  const { mchid } = world.simulator.world.kit;
  expect((await payClient(world.simulator).post(address, { complainted_mchid: mchid, ...more })).status).toBe(204);
};

async function upload(bytes: Buffer, who = consultant): Promise<{ status: number; id?: string; code?: string }> {
  const response = await fetch(`${world.origin}${at('images')}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  const body = (await response.json()) as { data?: { id: string }; error?: { code: string } };
  return { status: response.status, ...body.data, ...(body.error ? { code: body.error.code } : {}) };
}

describe('An answer', () => {
  it('goes to WeChat once, with its images; the task is then due when WeChat wants the end', async () => {
    await raise();
    const image = await upload(PNG);
    expect(image.status).toBe(201);
    const { status, body } = await answer({ content: WORDS, images: [image.id] });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ kindWords: '回复用户', state: 'done', content: WORDS, failure: null });
    expect(said()).toEqual([WORDS]);
    const seen = await view();
    expect(seen).toMatchObject({ state: 'processing', waitingSince: null, answeredAt: seen.history.at(-1)!.at });
    expect(seen.history.at(-1)).toMatchObject({ kind: 'merchant_said', content: WORDS, images: [expect.any(String)] });
    expect(Date.parse(seen.dueAt!) - Date.parse(seen.complainedAt)).toBe(72 * HOUR_MS);
    expect(await tasks()).toMatchObject([{ dueAt: seen.dueAt }]);
    const auditor = await buildStaff(world, ['auditor']);
    const trail = await auditor.data<AuditEntryView[]>('GET', '/staff/audit?subjectKind=complaint');
    expect(trail.map(({ deed }) => deed)).toEqual(['complaint-answered', 'complaint-image-uploaded']);
    // What was said is in the deed, not in the trail.
    expect(JSON.stringify(trail)).not.toContain(WORDS);
    expect((await messagesOf(world.world)).map(({ message }) => message)).toEqual(['order-paid']);
  });

  it.each([
    ['was lost after it took effect', 'reset-after-effect'],
    ['was broken after it took effect', 'error-after-effect'],
    ['cannot be proved', 'sign-test'],
  ])('whose outcome %s is found in the negotiation, and not said twice', async (_what, kind) => {
    await raise();
    await breakNext(kind);
    expect((await answer()).body.data).toMatchObject({ state: 'sending', stateWords: '等待微信确认' });
    expect(await codeOfAnswer({ content: '再说一次' })).toBe('complaint.deed_under_way');
    await world.advance(3 * MINUTE_MS);
    expect((await view()).deeds).toMatchObject([{ state: 'done', failure: null }]);
    expect(said()).toEqual([WORDS]);
    expect(await codeOfAnswer({ content: '再说一次' })).toBe(201);
    expect(said()).toEqual([WORDS, '再说一次']);
  });

  it.each(['reset-before', 'error-before', 'html-502'])(
    'that never arrived (%s) is said after the negotiation was asked, once',
    async (kind) => {
      await raise();
      await breakNext(kind, 2);
      expect((await answer()).body.data.state).toBe('sending');
      expect(said()).toEqual([]);
      // The second try is lost as well.
      await world.advance(3 * MINUTE_MS);
      await world.advance(10 * MINUTE_MS);
      await world.advance(10 * MINUTE_MS);
      expect((await view()).deeds).toMatchObject([{ state: 'done' }]);
      expect(said()).toEqual([WORDS]);
    },
  );

  it('of which nobody knows, while other words of ours stand there, is left to a person', async () => {
    await raise();
    await breakNext('reset-before');
    await answer();
    await inPortal('response', { response_content: '同事在商户平台的回复' });
    await world.advance(3 * MINUTE_MS);
    expect((await view()).deeds).toMatchObject([{ state: 'refused', failure: 'unclear' }]);
    expect(said()).toEqual(['同事在商户平台的回复']);
  });

  it('in the same words as one before is said again when somebody wants it', async () => {
    await raise();
    await answer();
    await world.lever(`/pay/complaints/${raised.id}/say`, {});
    await newsArrive(world);
    await breakNext('reset-before');
    expect((await answer()).body.data.state).toBe('sending');
    await world.advance(3 * MINUTE_MS);
    expect(said()).toEqual([WORDS, WORDS]);
    expect((await view()).deeds).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });

  it('that WeChat refuses is told as refused, and the complaint is as WeChat has it', async () => {
    await raise();
    await inPortal('complete');
    const { status, body } = await answer();
    expect([status, body.error]).toMatchObject([
      409,
      { code: 'complaint.refused_by_wechat', detail: { failure: 'invalid_request' } },
    ]);
    expect(await view()).toMatchObject({ state: 'processed', deeds: [{ state: 'refused' }] });
    expect(await codeOfAnswer({ content: WORDS })).toBe('complaint.over');
  });

  it('is one of two that two people give at one moment', async () => {
    await raise();
    const codes = await Promise.all([
      codeOfAnswer({ content: '甲' }),
      codeOfAnswer({ content: '乙' }, supervisor),
      codeOfAnswer({ content: '丙' }),
    ]);
    expect(codes.filter((code) => code === 201).length).toBe(said().length);
    expect(codes.every((code) => code === 201 || code === 'complaint.deed_under_way')).toBe(true);
    expect(await world.world.desk.db.countBy(ComplaintDeed, { state: 'sending' })).toBe(0);
  });
});

describe('What is wrong', () => {
  it('is not sent: too long, empty, an image of another complaint or of none, too many', async () => {
    await raise();
    const first = id;
    const image = await upload(PNG);
    await raise();
    expect(id).not.toBe(first);
    expect(await codeOfAnswer({ content: WORDS, images: [image.id] })).toBe('complaint.image_not_found');
    expect(await codeOfAnswer({ content: WORDS, images: [first] })).toBe('complaint.image_not_found');
    expect(await codeOfAnswer({ content: '字'.repeat(501) })).toBe('request.invalid');
    expect(await codeOfAnswer({ content: ' ' })).toBe('request.invalid');
    expect(await codeOfAnswer({ content: WORDS, images: Array(5).fill(first) })).toBe('request.invalid');
    expect(await codeOfAnswer({ content: WORDS, colour: 'red' })).toBe('request.invalid');
    expect(await upload(Buffer.from('<svg/>'))).toMatchObject({ status: 422, code: 'complaint.image_unfit' });
    const large = Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]);
    expect(await upload(large)).toMatchObject({ status: 413, code: 'request.too_large' });
    const nobody = '/staff/complaints/01900000-0000-7000-8000-000000000000/answers';
    expect(await consultant.codeOf('POST', nobody, { content: WORDS })).toBe('complaint.not_found');
    expect(said()).toEqual([]);
  });

  it('is not done by who may not: another team, another role', async () => {
    await raise();
    const admin = await buildStaff(world, ['administrator']);
    const north = await admin.data<{ id: string }>('POST', '/staff/teams', { name: '华北组' });
    const south = await admin.data<{ id: string }>('POST', '/staff/teams', { name: '华南组' });
    const { customer: whose } = await view();
    await admin.data('PUT', `/staff/customers/${whose!.id}/team`, { teamId: north.id });
    const stranger = await buildStaff(world, ['consultant'], { teamId: south.id });
    expect(await codeOfAnswer({ content: WORDS }, stranger)).toBe('staff.not_allowed');
    expect(await stranger.codeOf('POST', at('completion'))).toBe('staff.not_allowed');
    expect(await stranger.codeOf('POST', at('phone'), { reason: '看看' })).toBe('staff.not_allowed');
    expect((await upload(PNG, stranger)).code).toBe('staff.not_allowed');
    const finance = await buildStaff(world, ['finance']);
    expect(await codeOfAnswer({ content: WORDS }, finance)).toBe('staff.not_allowed');
    expect(await codeOfAnswer({ content: WORDS }, supervisor)).toBe(201);
  });
});

describe('Completion', () => {
  it('ends complaint and task, once', async () => {
    await raise();
    expect(await consultant.codeOf('POST', at('completion'))).toBe(201);
    expect(await view()).toMatchObject({ state: 'processed', stateWords: '已处理完成', dueAt: null });
    expect(await tasks()).toEqual([]);
    expect(await tasks('done')).toHaveLength(1);
    expect(await consultant.codeOf('POST', at('completion'))).toBe('complaint.over');
    expect(atWechat(world, raised, 'MERCHANT_CONFIRM_COMPLETE')).toHaveLength(1);
  });

  it('whose outcome was lost is what WeChat says', async () => {
    await raise();
    await breakNext('reset-after-effect', 1, 'complete');
    const { data } = (await consultant.call<{ data: ComplaintDeedView }>('POST', at('completion'))).body;
    expect(data.state).toBe('sending');
    await world.advance(3 * MINUTE_MS);
    expect(await view()).toMatchObject({ state: 'processed', deeds: [{ kind: 'complete', state: 'done' }] });
    expect(atWechat(world, raised, 'MERCHANT_CONFIRM_COMPLETE')).toHaveLength(1);
  });
});

describe('A wish for a refund', () => {
  const propose = (amountFen = 100) =>
    consultant.data<RefundProposalView>('POST', at('refund-proposals'), {
      amountFen,
      reason: '投诉协商退款',
      changeReason: '与客户协商一致',
    });
  const grant = () => consultant.codeOf('POST', at('refund-decision'), { decision: 'grant', withinDays: 0 });
  const approve = (proposal: RefundProposalView, who = supervisor) =>
    who.codeOf('POST', `/staff/refund-proposals/${proposal.id}/approval`);

  it('is granted to the payer only by two people, at once, and is over when the money is back', async () => {
    await raise({ type: 'REFUND', refundFen: 100 });
    expect(await grant()).toBe('complaint.refund_not_approved');
    const proposal = await propose();
    expect(await grant()).toBe('complaint.refund_not_approved');
    expect(await approve(proposal, consultant)).toBe('staff.not_allowed');
    await world.settle();
    expect(atWechat(world, raised, 'MERCHANT_APPROVE_REFUND')).toEqual([]);
    expect(world.simulator.world.pay.refunds.size).toBe(0);

    expect(await approve(proposal)).toBe(200);
    await world.settle();
    expect(atWechat(world, raised, 'MERCHANT_APPROVE_REFUND')).toHaveLength(1);
    expect(await view()).toMatchObject({
      state: 'processing',
      refundProposal: { state: 'approved', refunds: [{ state: 'processing', amountFen: 100 }] },
      deeds: [{ kind: 'grant', state: 'done' }],
    });
    await world.advance(10_000);
    await newsArrive(world);
    expect(await view()).toMatchObject({ state: 'processed', refundProposal: { refunds: [{ state: 'succeeded' }] } });
    expect(await tasks()).toEqual([]);
    // Granted before the money is back; whether before it is on its way is chance.
    const kinds = (await view()).history.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toEqual(['user_complained', 'refund_received']);
    expect(kinds.toSorted()).toEqual(['merchant_granted', 'refund_received', 'refund_started', 'user_complained']);
  });

  it('that is declined is over, and the payer reads why', async () => {
    await raise({ type: 'REFUND' });
    expect(await consultant.codeOf('POST', at('refund-decision'), { decision: 'decline' })).toBe('request.invalid');
    const no = { decision: 'decline', reason: '服务已经完成，按合同不退' };
    expect(await consultant.codeOf('POST', at('refund-decision'), no)).toBe(201);
    expect(atWechat(world, raised, 'MERCHANT_REFUSE_RERUND')).toEqual([no.reason]);
    expect(await view()).toMatchObject({ state: 'processed', deeds: [{ kind: 'decline', content: no.reason }] });
    expect(await tasks('done')).toHaveLength(1);
    expect(await grant()).toBe('complaint.over');
  });

  it('is nothing of another complaint, whose refund is a refund like any other', async () => {
    await raise();
    expect(await grant()).toBe('complaint.no_refund_asked');
    const proposal = await propose();
    expect(await approve(proposal)).toBe(200);
    await world.settle();
    await world.advance(10_000);
    expect(atWechat(world, raised, 'MERCHANT_APPROVE_REFUND')).toEqual([]);
    expect(await view()).toMatchObject({ state: 'pending', refundProposal: { refunds: [{ state: 'succeeded' }] } });
  });

  it('that is granted while another deed is under way waits for its end', async () => {
    await raise({ type: 'REFUND' });
    await world.lever('/pay/settings', { refundOutcome: 'held' });
    const proposal = await propose();
    await breakNext('reset-after-effect');
    await answer();
    expect(await approve(proposal)).toBe(200);
    await world.settle();
    expect(atWechat(world, raised, 'MERCHANT_APPROVE_REFUND')).toEqual([]);
    await world.advance(3 * MINUTE_MS);
    await world.advance(2 * MINUTE_MS);
    expect(atWechat(world, raised, 'MERCHANT_APPROVE_REFUND')).toHaveLength(1);
  });

  it('proposes no more than is left, and says so in the trail', async () => {
    await raise({ type: 'REFUND' });
    const { amountFen } = await view();
    const body = { amountFen: amountFen! + 1, reason: '协商退款', changeReason: '协商' };
    expect(await consultant.codeOf('POST', at('refund-proposals'), body)).toBe('refund.more_than_left');
    const { proposalId } = await world.world.desk.db.findOneByOrFail(Complaint, { id });
    expect(proposalId).toBeNull();
    await propose();
    const auditor = await buildStaff(world, ['auditor']);
    const trail = await auditor.data<AuditEntryView[]>('GET', `/staff/audit?subjectKind=complaint`);
    expect(trail).toMatchObject([{ deed: 'complaint-refund-proposed', subject: { id } }]);
  });
});

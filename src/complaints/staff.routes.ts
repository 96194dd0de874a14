import type { ComplaintDeed } from '../../entities/complaint.ts';
import { imageKinds } from '../platform/files/image-kind.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { readRawBody } from '../platform/http/raw-body.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { sendSheet } from '../platform/http/send-sheet.ts';
import type { Transaction } from '../platform/work.ts';
import { presentProposals, proposalView, proposeRefundBody } from '../refunds/index.ts';
import { answerComplaint, completeComplaint } from './answer-complaint.ts';
import { decideComplaintRefund, proposeForComplaint } from './decide-refund.ts';
import { carryOut } from './deeds.ts';
import { refusedByWechat } from './errors.ts';
import { exportComplaints } from './export.ts';
import { getComplaint } from './find-complaint.ts';
import { downloadImage, MOST_IMAGE_BYTES, uploadImage } from './images.ts';
import { listComplaints, presentDeeds, showComplaint } from './list-complaints.ts';
import { readComplaint } from './look.ts';
import { unmaskComplainant } from './phone.ts';
import {
  answerBody,
  byId,
  byImage,
  complaintView,
  decisionBody,
  deedView,
  exportQuery,
  imageView,
  listQuery,
  phoneView,
  rowView,
  unmaskBody,
} from './schema.ts';

/** What payers complain of at WeChat Pay: seen, answered, refunded and completed from here. */
export const complaintRoutes = newRoutes();

/** What every deed can be refused with. */
const DEED_REFUSALS = [
  'complaint.not_found',
  'complaint.over',
  'complaint.deed_under_way',
  'complaint.refused_by_wechat',
] as const;

/** Written down, then done at WeChat; of what is not known yet, the answer says so. */
async function perform(ctx: Context, begin: (work: Transaction) => Promise<ComplaintDeed>): Promise<void> {
  const { desk } = ctx.state;
  const deed = await carryOut(desk, await desk.transaction(begin));
  if (deed.state === 'refused') throw refusedByWechat(deed.failure ?? '');
  ctx.status = 201;
  ctx.body = { data: (await presentDeeds(desk, [deed]))[0] };
}

complaintRoutes.get(
  '/complaints',
  accept(
    {
      summary: 'Consumer complaints at WeChat Pay, newest first; by state, open, overdue, order',
      needs: 'read-complaints',
      query: listQuery,
      answers: { status: 200, data: rowView, isPage: true },
      refuses: ['order.not_found'],
    },
    async (ctx, { query }) => {
      ctx.body = page(await listComplaints(ctx.state.desk, query), query.limit, (view) => view);
    },
  ),
);

complaintRoutes.get(
  '/complaints/export',
  accept(
    {
      summary: 'The list of complaints as a table',
      needs: 'read-complaints',
      query: exportQuery,
      answers: { status: 200, contentType: spreadsheetKinds.xlsx },
      refuses: ['order.not_found'],
    },
    async (ctx, { query: { format, ...query } }) => sendSheet(ctx, format, exportComplaints(ctx.state.desk, query)),
  ),
);

complaintRoutes.get(
  '/complaints/:id',
  accept(
    {
      summary: 'One complaint with its negotiation, what was done from here, and its refund',
      needs: 'read-complaints',
      params: byId,
      answers: { status: 200, data: complaintView },
      refuses: ['complaint.not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: await showComplaint(ctx.state.desk, params.id) };
    },
  ),
);

complaintRoutes.post(
  '/complaints/:id/look',
  accept(
    {
      summary: 'Ask WeChat how it stands now',
      needs: 'read-complaints',
      params: byId,
      answers: { status: 200, data: complaintView },
      refuses: ['complaint.not_found', 'upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      await readComplaint(desk, (await getComplaint(desk, params.id)).complaintId);
      ctx.body = { data: await showComplaint(desk, params.id) };
    },
  ),
);

complaintRoutes.post(
  '/complaints/:id/phone',
  accept(
    {
      summary: 'The payer’s phone number in full; who asked, and why, is recorded',
      needs: 'unmask-customers',
      params: byId,
      body: unmaskBody,
      answers: { status: 200, data: phoneView },
      refuses: ['complaint.not_found'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const phone = await desk.transaction((work) => unmaskComplainant(work, staff, params.id, body.reason));
      ctx.body = { data: { phone } };
    },
  ),
);

complaintRoutes.get(
  '/complaints/:id/images/:name',
  accept(
    {
      summary: 'An image of the complaint or of its negotiation',
      needs: 'read-complaints',
      params: byImage,
      answers: { status: 200, contentType: imageKinds.jpg },
      refuses: ['complaint.not_found', 'complaint.image_not_found', 'upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { params }) => {
      const { bytes, kind } = await downloadImage(ctx.state.desk, params.id, params.name);
      ctx.type = imageKinds[kind];
      ctx.body = bytes;
    },
  ),
);

complaintRoutes.post(
  '/complaints/:id/images',
  accept(
    {
      summary: 'Upload an image for an answer',
      needs: 'handle-complaints',
      params: byId,
      takes: { contentTypes: ['application/octet-stream'], about: 'jpg, png or bmp, at most 2 MB' },
      answers: { status: 201, data: imageView },
      refuses: [
        'complaint.not_found',
        'complaint.image_unfit',
        'request.too_large',
        'upstream.unavailable',
        'upstream.refused',
      ],
    },
    async (ctx, { params }) => {
      const { desk, staff } = ctx.state;
      const { id } = await uploadImage(desk, staff, params.id, await readRawBody(ctx, MOST_IMAGE_BYTES));
      ctx.status = 201;
      ctx.body = { data: { id } };
    },
  ),
);

complaintRoutes.post(
  '/complaints/:id/answers',
  accept(
    {
      summary: 'Answer the payer; what WeChat says of it may take a while to be known',
      needs: 'handle-complaints',
      params: byId,
      body: answerBody,
      answers: { status: 201, data: deedView },
      refuses: [...DEED_REFUSALS, 'complaint.image_not_found'],
    },
    (ctx, { params, body }) => perform(ctx, (work) => answerComplaint(work, ctx.state.staff, params.id, body)),
  ),
);

complaintRoutes.post(
  '/complaints/:id/refund-proposals',
  accept(
    {
      summary: 'Propose a refund of its order; another person decides, and the payer is then told that it is granted',
      needs: 'propose-refunds',
      params: byId,
      body: proposeRefundBody,
      answers: { status: 201, data: proposalView },
      refuses: ['complaint.not_found', 'order.not_found', 'refund.more_than_left', 'refund.nothing_to_refund'],
    },
    async (ctx, { params, body }) => {
      const { desk, staff } = ctx.state;
      const proposal = await desk.transaction((work) => proposeForComplaint(work, staff, params.id, body));
      ctx.status = 201;
      ctx.body = { data: (await presentProposals(desk, [proposal]))[0] };
    },
  ),
);

complaintRoutes.post(
  '/complaints/:id/refund-decision',
  accept(
    {
      summary: 'Tell a payer who asked for a refund that it is granted, once a second person approved it, or declined',
      needs: 'handle-complaints',
      params: byId,
      body: decisionBody,
      answers: { status: 201, data: deedView },
      refuses: [
        ...DEED_REFUSALS,
        'complaint.image_not_found',
        'complaint.no_refund_asked',
        'complaint.refund_not_approved',
      ],
    },
    (ctx, { params, body }) => perform(ctx, (work) => decideComplaintRefund(work, ctx.state.staff, params.id, body)),
  ),
);

complaintRoutes.post(
  '/complaints/:id/completion',
  accept(
    {
      summary: 'Tell WeChat that the complaint is dealt with; the payer is asked whether they are content',
      needs: 'handle-complaints',
      params: byId,
      answers: { status: 201, data: deedView },
      refuses: DEED_REFUSALS,
    },
    (ctx, { params }) => perform(ctx, (work) => completeComplaint(work, ctx.state.staff, params.id)),
  ),
);

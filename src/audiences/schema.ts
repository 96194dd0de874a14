import { z } from 'zod';
import {
  type AudienceBody,
  audienceListStates,
  type AudienceListQuery,
  type AudienceListView,
  type FaultExportQuery,
  type ListFaultView,
  type SampleListQuery,
  type SegmentBody,
  type SegmentPeopleView,
  type SegmentView,
  type UploadListQuery,
} from '../contracts/audiences.ts';
import type { PageQuery } from '../contracts/app.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { audienceQuery } from './audience-filters.ts';

const instant = z.iso.datetime();
const message = z.string().min(1, '请填写').max(64);

/** Whom a campaign is for. */
export const audienceBody = shapeOf<AudienceBody>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('query'), query: audienceQuery }),
    z.strictObject({ kind: z.literal('segment'), segmentId: z.uuid() }),
    z.strictObject({ kind: z.literal('list'), listId: z.uuid() }),
  ]),
);

const segment = z.strictObject({ name: line(40), query: audienceQuery });
export const segmentBody = shapeOf<SegmentBody>()(segment);
export const changeSegmentBody = shapeOf<Partial<SegmentBody>>()(segment.partial());

export const byId = z.object({ id: z.uuid() });
const slice = z.object({ after: after.optional(), limit: limit.default(50) });
export const pageQuery = queryOf<PageQuery>()(slice);
export const listQuery = queryOf<AudienceListQuery>()(slice.extend({ message: message.optional() }));
export const faultQuery = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: limit.default(50),
});
export const uploadQuery = queryOf<UploadListQuery>()(z.object({ name: line(40), message }));
const format = oneOf(spreadsheetKinds).default('xlsx');
export const sampleQuery = queryOf<SampleListQuery>()(z.object({ message, format }));
export const exportQuery = queryOf<FaultExportQuery>()(z.object({ format }));

export const segmentView = shapeOf<SegmentView>()(
  z.object({
    id: z.uuid(),
    name: z.string(),
    query: audienceQuery,
    createdBy: z.string(),
    createdAt: instant,
    changedAt: instant,
  }),
);
export const segmentPeopleView = shapeOf<SegmentPeopleView>()(z.object({ people: z.int() }));
export const listView = shapeOf<AudienceListView>()(
  z.object({
    id: z.uuid(),
    name: z.string(),
    message: z.string(),
    title: z.string(),
    state: oneOf(audienceListStates),
    stateWords: z.string(),
    facts: z.array(z.string()),
    kept: z.int(),
    faulty: z.int(),
    sha256: z.string(),
    createdBy: z.string(),
    createdAt: instant,
  }),
);
export const faultView = shapeOf<ListFaultView>()(z.object({ line: z.int(), words: z.string() }));

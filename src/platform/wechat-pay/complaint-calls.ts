import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type ImageKind, imageKindOf } from '../files/image-kind.ts';
import {
  type ComplaintFact,
  findComplaintFact,
  findEntry,
  findListed,
  type ListedComplaint,
  type NegotiationEntry,
} from './complaint.ts';
import { checked, failure, isRefusedAs } from './errors.ts';
import { openField, SealBroken } from './seal.ts';
import type { Transport } from './transport.ts';

/** Most characters and images of an answer. Source: WeChat Pay partner documentation 4012467213. */
export const answerLimits = { content: 500, images: 4 } as const;

export interface ComplaintAnswer {
  complaintId: string;
  content: string;
  /** Of what was uploaded. */
  mediaIds: readonly string[];
}

/** What becomes of the payer's wish for a refund. */
export type RefundDecision = { complaintId: string } & (
  | { grants: true; /** Working days until it is started; 0: today. */ withinDays: number }
  | { grants: false; /** At most 200 characters. */ reason: string; mediaIds: readonly string[] }
);

/**
 * Consumer complaints. What changes something is **not** safe to repeat: after an outcome that nobody knows, the negotiation is asked
 * whether it is there.
 */
export interface WechatPayComplaints {
  /** Complaints raised on Shanghai days; at most 30 of them. `total` comes with the first page alone. */
  listComplaints(asked: { from: string; until: string; offset: number }): Promise<{
    complaints: ListedComplaint[];
    /** How many rows the page had, those that cannot be read too. */
    rows: number;
    total: number | null;
  }>;
  /** Null when WeChat says that it has no such complaint. */
  findComplaint(complaintId: string): Promise<ComplaintFact | null>;
  /** The payer's phone number; null when none was given, or it was encrypted for an earlier certificate. */
  openPhone(fact: Pick<ComplaintFact, 'sealedPhone'>): string | null;
  /** All of the negotiation, the oldest first. */
  listNegotiation(complaintId: string): Promise<NegotiationEntry[]>;
  answerComplaint(answer: ComplaintAnswer): Promise<void>;
  completeComplaint(complaintId: string): Promise<void>;
  decideComplaintRefund(decision: RefundDecision): Promise<void>;
  /** @returns its media id, for an answer */
  uploadComplaintImage(image: { bytes: Buffer; kind: ImageKind }): Promise<string>;
  downloadComplaintImage(mediaId: string): Promise<{ bytes: Buffer; kind: ImageKind }>;
  /** Where news of complaints goes; null when nobody is told. */
  findComplaintUrl(): Promise<string | null>;
  /** @param isFirst nobody was told before */
  setComplaintUrl(url: string, isFirst: boolean): Promise<void>;
}

const COMPLAINTS = '/v3/merchant-service/complaints-v2';
const IMAGES = '/v3/merchant-service/images';
const ADDRESS = '/v3/merchant-service/complaint-notifications';
const LIST_ROWS = 50;
/** Up to 300; WeChat asks for fewer when the answer would be too large. */
const HISTORY_ROWS = 100;
/** Nobody negotiates for longer; an answer that never ends must not keep us for ever. */
const MOST_ENTRIES = 5000;

const pageShape = z.object({ data: z.array(z.unknown()).nullish(), total_count: z.int().nullish() });
const uploadShape = z.object({ media_id: z.string().min(1).max(512) });
const addressShape = z.object({ url: z.string() });

const answerShape = z.object({
  complaintId: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  content: z
    .string()
    .trim()
    .min(1)
    .refine((text) => [...text].length <= answerLimits.content),
  mediaIds: z.array(z.string().min(1).max(512)).max(answerLimits.images),
});
const decisionShape = z.discriminatedUnion('grants', [
  z.object({ complaintId: answerShape.shape.complaintId, grants: z.literal(true), withinDays: z.int().min(0) }),
  z.object({
    complaintId: answerShape.shape.complaintId,
    grants: z.literal(false),
    reason: z
      .string()
      .trim()
      .min(1)
      .refine((text) => [...text].length <= 200),
    mediaIds: answerShape.shape.mediaIds,
  }),
]);

export interface ComplaintCallOptions {
  transport: Transport;
  mchid: string;
  merchantKey: KeyObject;
  log: Logger;
}

export function complaintCalls({ transport, mchid, merchantKey, log }: ComplaintCallOptions): WechatPayComplaints {
  const get = (target: string) => transport.call({ method: 'GET', target, text: '' });
  const post = (target: string, body: object) =>
    transport.call({ method: 'POST', target, text: JSON.stringify(body), isOnce: true });

  async function readPage(target: string) {
    const page = pageShape.safeParse(await get(target)).data;
    if (!page) throw failure('unknown', 'unexpected_answer');
    return { rows: page.data ?? [], total: page.total_count ?? null };
  }

  return {
    async listComplaints({ from, until, offset }) {
      const query = `limit=${LIST_ROWS}&offset=${offset}&begin_date=${from}&end_date=${until}`;
      const { rows, total } = await readPage(`${COMPLAINTS}?${query}`);
      const complaints = rows.flatMap((row) => findListed(row) ?? []);
      if (complaints.length < rows.length)
        log.error({ rows: rows.length - complaints.length }, 'listed complaints cannot be read');
      return { complaints, rows: rows.length, total };
    },

    async findComplaint(complaintId) {
      try {
        const fact = findComplaintFact(await get(pathOf(complaintId)));
        if (!fact) throw failure('unknown', 'unexpected_answer');
        if (fact.complaintId !== complaintId) throw failure('unknown', 'answer_about_another_complaint');
        return fact;
      } catch (error) {
        if (isRefusedAs(error, 'resource_not_exists') || isRefusedAs(error, 'not_found')) return null;
        throw error;
      }
    },

    openPhone({ sealedPhone }) {
      if (sealedPhone === null) return null;
      try {
        return openField(sealedPhone, merchantKey);
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error;
        log.error('a complainant’s phone number cannot be opened: was it encrypted for an earlier certificate?');
        return null;
      }
    },

    async listNegotiation(complaintId) {
      const entries: NegotiationEntry[] = [];
      while (entries.length < MOST_ENTRIES) {
        const query = `limit=${HISTORY_ROWS}&offset=${entries.length}`;
        const { rows } = await readPage(`${pathOf(complaintId)}/negotiation-historys?${query}`);
        for (const row of rows) {
          const entry = findEntry(row);
          if (!entry) throw failure('unknown', 'unexpected_answer');
          entries.push(entry);
        }
        if (rows.length < HISTORY_ROWS) break;
      }
      return oldestFirst(entries);
    },

    async answerComplaint(answer) {
      const { complaintId, content, mediaIds } = checked(answerShape, answer);
      await post(`${pathOf(complaintId)}/response`, {
        complainted_mchid: mchid,
        response_content: content,
        ...(mediaIds.length > 0 ? { response_images: mediaIds } : {}),
      });
    },

    async completeComplaint(complaintId) {
      await post(`${pathOf(complaintId)}/complete`, { complainted_mchid: mchid });
    },

    async decideComplaintRefund(wanted) {
      const decision = checked(decisionShape, wanted);
      await post(
        `${pathOf(decision.complaintId)}/update-refund-progress`,
        decision.grants
          ? { action: 'APPROVE', launch_refund_day: decision.withinDays }
          : {
              action: 'REJECT',
              reject_reason: decision.reason,
              ...(decision.mediaIds.length > 0 ? { reject_media_list: decision.mediaIds } : {}),
            },
      );
    },

    async uploadComplaintImage({ bytes, kind }) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const meta = JSON.stringify({ filename: `${sha256.slice(0, 32)}.${kind}`, sha256 });
      const target = `${IMAGES}/upload`;
      const call = { method: 'POST', target, text: meta, upload: multipart(meta, bytes, kind) } as const;
      const read = uploadShape.safeParse(await transport.call(call)).data;
      if (!read) throw failure('unknown', 'unexpected_answer');
      return read.media_id;
    },

    async downloadComplaintImage(mediaId) {
      const bytes = await transport.download(`${IMAGES}/${mediaId}`);
      // Nobody signed it, and it is shown to staff.
      const kind = imageKindOf(bytes);
      if (!kind) throw failure('unknown', 'unexpected_answer');
      return { bytes, kind };
    },

    async findComplaintUrl() {
      try {
        return addressShape.parse(await get(ADDRESS)).url;
      } catch (error) {
        if (isRefusedAs(error, 'resource_not_exists')) return null;
        throw error instanceof z.ZodError ? failure('unknown', 'unexpected_answer') : error;
      }
    },

    async setComplaintUrl(url, isFirst) {
      await transport.call({ method: isFirst ? 'POST' : 'PUT', target: ADDRESS, text: JSON.stringify({ url }) });
    },
  };
}

/** WeChat does not say in which order it tells; within a second its own order is the only one that there is. */
function oldestFirst(entries: readonly NegotiationEntry[]): NegotiationEntry[] {
  const [first, last] = [entries[0], entries.at(-1)];
  const told = first && last && first.at > last.at ? entries.toReversed() : entries;
  return told.toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

/** @throws UpstreamError refused, before anything is sent */
const pathOf = (complaintId: string): string =>
  `${COMPLAINTS}/${checked(answerShape.pick({ complaintId: true }), { complaintId }).complaintId}`;

/** Two parts, `meta` and `file` (WeChat Pay partner documentation 4012467222). */
function multipart(meta: string, bytes: Buffer, kind: ImageKind): { contentType: string; bytes: Buffer } {
  const boundary = randomBytes(24).toString('hex');
  const { filename } = JSON.parse(meta) as { filename: string };
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="meta"',
    'Content-Type: application/json',
    '',
    meta,
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${filename}"`,
    `Content-Type: image/${kind === 'jpg' ? 'jpeg' : kind}`,
    '',
    '',
  ].join('\r\n');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

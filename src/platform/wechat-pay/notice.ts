import { z } from 'zod';
import { findNoticedComplaint } from './complaint.ts';
import { findNoticedFapiao } from './fapiao.ts';
import { parseJson } from './json.ts';
import type { Notice, NoticeOutcome } from './outcome.ts';
import { findNoticedRefund } from './refund.ts';
import { openSeal, SealBroken, sealedShape } from './seal.ts';
import { findTransaction } from './transaction.ts';
import type { MessageHeaders } from '../wire.ts';
import { findSignatureFault, type FindKey } from './verify.ts';

export interface NoticeOptions {
  findKey: FindKey;
  sealKey: Buffer;
  now: Date;
}

const MAX_NOTICE_BYTES = 64 * 1024;

const envelopeShape = z.object({
  id: z.string().min(1).max(64),
  event_type: z.string().min(1).max(64),
  resource: sealedShape.extend({ original_type: z.string().nullish() }),
});

/**
 * Signature, then seal, then shape; nothing is looked at before it is proved. Calls nobody, whatever comes in.
 * Source: WeChat Pay documentation 4012791861.
 */
export function openNotice(rawBody: Buffer, headers: MessageHeaders, options: NoticeOptions): NoticeOutcome {
  if (rawBody.length > MAX_NOTICE_BYTES) return { opened: false, fault: 'too-large', genuine: false };

  const fault = findSignatureFault(headers, rawBody, options.findKey, options.now);
  if (fault) return { opened: false, fault, genuine: false };

  try {
    const notice = readNotice(rawBody, options.sealKey);
    return notice ? { opened: true, notice } : { opened: false, fault: 'unexpected-shape', genuine: true };
  } catch (error) {
    if (error instanceof SealBroken) return { opened: false, fault: 'seal-broken', genuine: true };
    throw error;
  }
}

/** @throws SealBroken */
function readNotice(rawBody: Buffer, sealKey: Buffer): Notice | null {
  const envelope = envelopeShape.safeParse(parseJson(rawBody)).data;
  if (!envelope) return null;
  const { id, event_type: eventType, resource } = envelope;
  const content = parseJson(openSeal(resource, sealKey));

  if (eventType.startsWith('REFUND.')) {
    const refund = findNoticedRefund(content);
    return refund && { id, eventType, kind: 'refund', refund };
  }
  if (eventType.startsWith('COMPLAINT.')) {
    const complaint = findNoticedComplaint(content);
    return complaint && { id, eventType, kind: 'complaint', complaint };
  }
  if (eventType.startsWith('FAPIAO.')) {
    const fapiao = findNoticedFapiao(content);
    return fapiao && { id, eventType, kind: 'fapiao', fapiao };
  }
  if (!isAboutOnePayment(eventType, content)) return { id, eventType, kind: 'other' };
  const transaction = findTransaction(content);
  return transaction && { id, eventType, kind: 'transaction', transaction };
}

/** Combined orders come under the same event type and are told apart by their content. */
const isAboutOnePayment = (eventType: string, content: unknown): boolean =>
  eventType.startsWith('TRANSACTION.') &&
  !(typeof content === 'object' && content !== null && 'combine_out_trade_no' in content);

import { z } from 'zod';

/** A number of a tax document. Fully digitised ones (数电票) have twenty digits and no code. */
export interface FapiaoNumbers {
  number: string;
  code: string | null;
  issuedAt: Date;
}

/** WeChat says, under its signature, how a fapiao stands. */
export interface FapiaoFact {
  fapiaoId: string;
  /** `issue_failed` is final, and another fapiao id may be tried; after a failed reversal it is `issued` with a failure. */
  state: 'issuing' | 'issued' | 'issue_failed' | 'reversing' | 'reversed' | 'unrecognised';
  totalFen: number;
  /** Of one that is or was issued. */
  blue: FapiaoNumbers | null;
  /** Of the one that took it back. */
  red: FapiaoNumbers | null;
  /** In the payer's card pack; null: not even on its way. */
  card: { openid: string; state: 'inserting' | 'inserted' | 'discarded' | 'unrecognised' } | null;
  /** Why issuing or reversing failed. */
  failure: { code: string; words: string } | null;
}

const CARDS: Readonly<Record<string, NonNullable<FapiaoFact['card']>['state']>> = {
  INSERT_ACCEPTED: 'inserting',
  INSERTED: 'inserted',
  DISCARD_ACCEPTED: 'discarded',
  DISCARDED: 'discarded',
};

/** What is not there may also come as an empty text. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || null);

const numbersShape = z.object({
  fapiao_number: z.string().regex(/^\d{8}$|^\d{20}$/),
  fapiao_code: optionalText.pipe(
    z
      .string()
      .regex(/^\d{10}$|^\d{12}$/)
      .nullable(),
  ),
  fapiao_time: z.iso.datetime({ offset: true }),
});

const fapiaoShape = z.object({
  fapiao_id: z.string().min(1).max(32),
  status: z.string().min(1).max(64),
  total_amount: z.int().positive(),
  // While it is being issued there are none, or empty ones: told apart by the status below.
  blue_fapiao: numbersShape.nullish().catch(null),
  red_fapiao: numbersShape.nullish().catch(null),
  card_information: z
    .object({ card_openid: z.string().min(1).max(128), card_status: z.string().nullish() })
    .nullish()
    .catch(null),
  fapiao_error_code: optionalText,
  fapiao_error_message: optionalText,
});

/**
 * Source: documentation «查询电子发票», 2025.09.26, partner 4015792567. How a failure shows is not confirmed: by a status of its own, or by the
 * one before together with an error. Null when the numbers that an issued or reversed one must have are missing.
 */
export function findFapiaoFact(value: unknown): FapiaoFact | null {
  const read = fapiaoShape.safeParse(value).data;
  if (!read) return null;
  const blue = numbersOf(read.blue_fapiao);
  const red = numbersOf(read.red_fapiao);
  const { fapiao_error_code: code, fapiao_error_message: words } = read;
  const hasFailed = code !== null || words !== null || read.status.endsWith('_FAILED');
  const state = stateOf(read.status, hasFailed);
  if ((state === 'issued' || state === 'reversing' || state === 'reversed') && !blue) return null;
  if (state === 'reversed' && !red) return null;
  const card = read.card_information;
  return {
    fapiaoId: read.fapiao_id,
    state,
    totalFen: read.total_amount,
    blue,
    red,
    card: card ? { openid: card.card_openid, state: CARDS[card.card_status ?? ''] ?? 'unrecognised' } : null,
    failure: hasFailed ? { code: code ?? read.status, words: words ?? '' } : null,
  };
}

function stateOf(status: string, hasFailed: boolean): FapiaoFact['state'] {
  if (status === 'ISSUE_FAILED' || (status === 'ISSUE_ACCEPTED' && hasFailed)) return 'issue_failed';
  if (status === 'ISSUE_ACCEPTED') return 'issuing';
  if (status === 'ISSUED' || status === 'REVERSE_FAILED') return 'issued';
  if (status === 'REVERSE_ACCEPTED') return hasFailed ? 'issued' : 'reversing';
  return status === 'REVERSED' ? 'reversed' : 'unrecognised';
}

const numbersOf = (read: z.output<typeof numbersShape> | null | undefined): FapiaoNumbers | null =>
  read ? { number: read.fapiao_number, code: read.fapiao_code, issuedAt: new Date(read.fapiao_time) } : null;

const noticedShape = z.object({ fapiao_apply_id: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/) });

/** It says that something happened; what, is asked. Source: webhooks `FAPIAO.*` of wechatpay.js.org. */
export function findNoticedFapiao(value: unknown): { applyId: string } | null {
  const read = noticedShape.safeParse(value).data;
  return read ? { applyId: read.fapiao_apply_id } : null;
}

import type { KillableWorld } from '../support/killable-world.ts';

/**
 * What goes wrong between WeChat and the server while customers pay and refunds are sent: in another way each day. What WeChat seals
 * and signs with the right keys though it is not true is left out: the books could not agree with WeChat's then.
 */
const MONEY_FAULTS: object[] = [
  { kind: 'delay', ms: 700 },
  { kind: 'delay-after-effect', ms: 700 },
  { kind: 'reset-before' },
  { kind: 'reset-after-effect' },
  { kind: 'html-502' },
  { kind: 'truncated-body' },
  { kind: 'text-plain' },
  { kind: 'sign-test' },
  { kind: 'unknown-serial' },
  { kind: 'timestamp-off' },
  { kind: 'unsigned' },
  { kind: 'wrong-body-signature' },
  { kind: 'error-before' },
  { kind: 'error-after-effect' },
  { kind: 'rate-limited' },
  { kind: 'code', status: 500, code: 'SYSTEM_ERROR' },
];

const PLATFORM_FAULTS: object[] = [
  { kind: 'busy' },
  { kind: 'minute-quota' },
  { kind: 'token-invalid-once' },
  { kind: 'token-expired-once' },
  { kind: 'unknown-code' },
  { kind: 'number-string-flip' },
  { kind: 'reset-after-effect' },
  { kind: 'html-502' },
];

const NOTICE_WAYS: object[] = [
  { copies: 3 },
  // Held back until the next day.
  { mode: 'held' },
  { probing: true },
  // The only send is signed wrong: what it says is lost.
  { probing: true, maxSends: 1 },
  { associatedData: 'empty' },
  { associatedData: 'absent', copies: 2 },
];
const PLAIN_NOTICES = { mode: 'auto', copies: 1, probing: false, maxSends: 15, associatedData: 'given' };

const PAY_WAYS: object[] = [
  { keyMode: 'certificate', certificateInUse: 'mixed' },
  { keyMode: 'switching', callbackShare: 50 },
  { errorsUnsigned: true, codeSpelling: 'joined' },
  { refundFeeBooking: 'own-row' },
  { billCounts: 'decimal' },
  { billCounts: 'whole', staleRepeatedPrepay: true },
];
const PLAIN_PAY = {
  keyMode: 'public-key',
  callbackShare: 0,
  errorsUnsigned: false,
  codeSpelling: 'underscored',
  refundFeeBooking: 'net',
  billCounts: 'samples',
  staleRepeatedPrepay: false,
};

/** What a send may be spoilt with on its way. */
const SPOILT = [
  ...['signature', 'sign-test', 'serial', 'truncated', 'body', 'unsigned', 'timestamp', 'api-v3-key'],
  ...['ciphertext', 'algorithm', 'not-json', 'large', 'truncated-signed'],
];

const turnOf = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

/** WeChat, and the way to it, as they are on this day. */
export async function setMood({ lever }: KillableWorld, at: number): Promise<void> {
  await lever('/pay/settings', { ...PLAIN_PAY, ...turnOf(PAY_WAYS, at) });
  await lever('/notices/settings', { ...PLAIN_NOTICES, ...turnOf(NOTICE_WAYS, at) });
  const money = { path: '^/v3/(pay/transactions|refund)/', every: 3, times: null };
  await lever('/faults', { ...money, ...turnOf(MONEY_FAULTS, at) });
  await lever('/faults', { path: '/cgi-bin/', every: 2, times: 6, ...turnOf(PLATFORM_FAULTS, at) });
}

/** The evening: everything works again. Notices that are held back stay so. */
export async function calm({ lever }: KillableWorld): Promise<void> {
  await lever('/faults', undefined, 'DELETE');
  await lever('/pay/settings', PLAIN_PAY);
}

/**
 * Sends a paid and refunded order's two notices, spoilt as they were not the day before.
 * @returns how those were spoilt that the server took for good
 */
export async function sendSpoilt({ lever }: KillableWorld, at: number, number: string): Promise<string[]> {
  const notices = await lever<{ id: string; outTradeNo: string }[]>('/notices');
  const taken: string[] = [];
  for (const [which, { id }] of notices.filter(({ outTradeNo }) => outTradeNo === number).entries()) {
    const tamper = turnOf(SPOILT, 2 * at + which);
    const [sent] = await lever<{ status: number | null }[]>(`/notices/${id}/send`, { tamper });
    if (sent!.status === null || sent!.status < 400) taken.push(tamper);
  }
  return taken;
}

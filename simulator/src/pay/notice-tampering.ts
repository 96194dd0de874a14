import type { World } from '../world.ts';
import { probeSignature, signatureHeaders, TIMESTAMP_OFF_SECONDS, unknownSerial } from './answer.ts';
import { OTHER_MCHID } from './merchant.ts';
import { sealNotice, type Notice, type NoticeRequest } from './notice.ts';
import { randomDigits } from './numbers.ts';

type Content = Record<string, unknown>;
type Envelope = { algorithm?: string; resource: { algorithm: string; ciphertext: string } & Content } & Content;

/** Content that is not what was paid, sealed and signed by the right keys. */
const CONTENT: Record<string, (content: Content) => Content> = {
  appid: (content) => ({ ...content, appid: 'wx51000000000000ff' }),
  mchid: (content) => ({ ...content, mchid: OTHER_MCHID }),
  amount: (content) => ({ ...content, amount: { ...(content.amount as Content), total: totalOf(content) + 1 } }),
  currency: (content) => ({ ...content, amount: { ...(content.amount as Content), currency: 'USD' } }),
  'out-trade-no': (content) => ({ ...content, out_trade_no: `UNKNOWN${randomDigits(12)}` }),
  'transaction-id': (content) => ({ ...content, transaction_id: `4200${randomDigits(24)}` }),
  'trade-state': (content) => ({ ...content, trade_state: 'CLOSED', trade_state_desc: '订单已关闭' }),
};

/** Envelopes that a merchant cannot open, signed by the right key. */
const ENVELOPE: Record<string, (body: Buffer) => Buffer> = {
  ciphertext: (body) => changeEnvelope(body, (envelope) => flipFirstBit(envelope)),
  algorithm: (body) => changeEnvelope(body, (envelope) => void (envelope.resource.algorithm = 'AEAD_SM4_GCM')),
  'event-type': (body) => changeEnvelope(body, (envelope) => void (envelope.event_type = 'TRANSACTION.UNHEARD_OF')),
  'not-json': () => Buffer.from('<xml><return_code>SUCCESS</return_code></xml>'),
  large: (body) => changeEnvelope(body, (envelope) => void (envelope.summary = '满'.repeat(350_000))),
  'truncated-signed': half,
};

/** Requests whose signature does not hold. */
const REQUEST: Record<string, (request: NoticeRequest) => NoticeRequest> = {
  signature: (request) =>
    withHeader(request, 'Wechatpay-Signature', (text) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1)),
  'sign-test': (request) => withHeader(request, 'Wechatpay-Signature', probeSignature),
  serial: (request) => withHeader(request, 'Wechatpay-Serial', unknownSerial),
  truncated: ({ headers, body }) => ({ headers, body: half(body) }),
  body: ({ headers, body }) => ({ headers, body: Buffer.concat([body, Buffer.from('\n')]) }),
  unsigned: ({ body }) => ({ headers: {}, body }),
};

/** Everything that can be wrong with a send. */
export const TAMPERS: readonly string[] = [
  ...Object.keys(CONTENT),
  ...Object.keys(ENVELOPE),
  ...Object.keys(REQUEST),
  'timestamp',
  'api-v3-key',
  'replay',
];

/** The next request of a notice: honest, or wrong in one way. */
export function prepareSend(world: World, notice: Notice, tamper?: string): NoticeRequest {
  if (tamper === 'replay' && notice.last) return notice.last;
  const body = bodyOf(world, notice, tamper);
  const seconds = world.clock.seconds() - (tamper === 'timestamp' ? TIMESTAMP_OFF_SECONDS : 0);
  const key = world.pay.keys.forNotice(world.pay.settings);
  const honest = { headers: signatureHeaders(seconds, key, body), body };
  const change = tamper === undefined ? undefined : REQUEST[tamper];
  return change ? change(honest) : honest;
}

function bodyOf(world: World, notice: Notice, tamper = ''): Buffer {
  const content = CONTENT[tamper];
  if (content) return sealNotice(world, notice, content(notice.content));
  if (tamper === 'api-v3-key') return sealNotice(world, notice, notice.content, 'anotherKeyThatTheMerchantHasNot0');
  return ENVELOPE[tamper]?.(notice.body) ?? notice.body;
}

const totalOf = (content: Content): number => (content.amount as { total: number }).total;

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

function changeEnvelope(body: Buffer, change: (envelope: Envelope) => void): Buffer {
  const envelope = JSON.parse(body.toString('utf8')) as Envelope;
  change(envelope);
  return Buffer.from(JSON.stringify(envelope));
}

function flipFirstBit({ resource }: Envelope): void {
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  sealed[0]! ^= 1;
  resource.ciphertext = sealed.toString('base64');
}

const withHeader = (
  { headers, body }: NoticeRequest,
  name: string,
  change: (text: string) => string,
): NoticeRequest => ({
  headers: { ...headers, [name]: change(headers[name] ?? '') },
  body,
});

import { randomBytes } from 'node:crypto';
import type { PayError } from '../errors.ts';
import type { FaultKind } from '../faults.ts';
import type { SimulatorContext } from '../routing.ts';
import type { World } from '../world.ts';
import { answerMessage, signMessage } from './cryptography.ts';
import type { SigningKey } from './key-ring.ts';

/** A signature with this beginning is wrong on purpose: WeChat looks whether the merchant checks (documentation 4013059017). */
export const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';

/** How far a wrong timestamp is off: just outside the window of a client. */
export const TIMESTAMP_OFF_SECONDS = 301;

const JOINED: readonly string[] = ['ORDER_CLOSED', 'ORDER_PAID', 'NO_AUTH', 'ORDER_NOT_EXIST'];

/** Puts a signed answer of the given status together, or spoils it as the fault of this call wants. */
export function answer(world: World, ctx: SimulatorContext, status: number, content: unknown, internalCode = 0): void {
  const body = content === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(content));
  ctx.status = status;
  if (content !== undefined) {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = body;
  } else if (status !== 204) {
    // Koa would say the status in words.
    ctx.body = body;
    ctx.remove('Content-Type');
  }
  ctx.set('Request-ID', requestId(internalCode));
  if (ctx.state.fault?.kind === 'unsigned' || (status >= 300 && world.pay.settings.errorsUnsigned)) return;
  ctx.set(signAnswer(world, ctx.get('Wechatpay-Serial'), body, ctx.state.fault?.kind));
}

export interface PayFile {
  type: string;
  bytes: Buffer;
  headers?: Record<string, string>;
}

/** A file goes out as it is, without a signature (WeChat Pay documentation, downloading complaint images, bills). */
export function answerFile(ctx: SimulatorContext, { type, bytes, headers = {} }: PayFile): void {
  ctx.status = 200;
  ctx.type = type;
  ctx.body = bytes;
  ctx.set(headers);
  ctx.set('Request-ID', requestId(0));
}

/** The envelope of a refusal (WeChat Pay documentation 4012791877). */
export function answerError(world: World, ctx: SimulatorContext, error: PayError): void {
  const joined = world.pay.settings.codeSpelling === 'joined' && JOINED.includes(error.code);
  const code = joined ? error.code.replaceAll('_', '') : error.code;
  ctx.state.code = code;
  const { message, detail } = error;
  answer(world, ctx, error.status, { code, message, ...(detail ? { detail } : {}) }, error.internalCode);
}

const requestId = (internalCode: number): string =>
  `08${randomBytes(16).toString('hex').toUpperCase()}-${internalCode}`;

/** The headers that every signed message carries (WeChat Pay documentation 4013053249). */
export function signatureHeaders(seconds: number, { serial, key }: SigningKey, body: Buffer) {
  const timestamp = String(seconds);
  const nonce = randomBytes(16).toString('hex');
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': signMessage(key, answerMessage(timestamp, nonce, body)),
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

/** A wrong signature that looks like the real probes: as long as a right one, with the known beginning. */
export const probeSignature = (signature: string): string => PROBE_PREFIX + signature.slice(PROBE_PREFIX.length);

/** A serial that no client has a key for. */
export const unknownSerial = (): string => `7${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();

function signAnswer(world: World, askedSerial: string, body: Buffer, fault?: FaultKind): Record<string, string> {
  const seconds = world.clock.seconds() - (fault === 'timestamp-off' ? TIMESTAMP_OFF_SECONDS : 0);
  const signed = fault === 'wrong-body-signature' ? Buffer.concat([body, Buffer.from(' ')]) : body;
  const headers = signatureHeaders(seconds, world.pay.keys.forAnswer(world.pay.settings, askedSerial), signed);
  if (fault === 'sign-test') headers['Wechatpay-Signature'] = probeSignature(headers['Wechatpay-Signature']);
  if (fault === 'unknown-serial') headers['Wechatpay-Serial'] = unknownSerial();
  return headers;
}

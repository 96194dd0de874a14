import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { isSignatureOf, requestMessage } from './cryptography.ts';

/** Seconds by which a request's timestamp may be off, either way. */
const WINDOW_SECONDS = 300;
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const KEYS = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const;
const SIGNATURE_INTERNAL_CODE = 268443699;

export interface SignedRequest {
  method: string;
  /** Path and query exactly as they came over the wire. */
  url: string;
  authorization: string;
  body: Buffer;
}

type Login = Record<(typeof KEYS)[number], string>;

/**
 * Believes a request only when the merchant's key signed these very bytes (WeChat Pay documentation 4012365342).
 * @throws PayError 401 SIGN_ERROR
 */
export function authenticate(world: World, request: SignedRequest): void {
  const login = readAuthorization(request.authorization);
  checkWho(world, login);
  const apart = Math.abs(world.clock.seconds() - Number(login.timestamp));
  if (!/^\d+$/.test(login.timestamp) || apart > WINDOW_SECONDS) {
    throw refused('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  }
  checkNonce(world, login.nonce_str);
  const message = requestMessage(request.method, request.url, login.timestamp, login.nonce_str, request.body);
  if (!isSignatureOf(world.pay.keys.merchantKey, message, login.signature)) throw signNotMatch(request, message);
}

/** Five pairs in any order, each exactly once; a space after a comma is let through. */
function readAuthorization(header: string): Login {
  const wrong = () => refused('Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
  const [scheme, rest] = splitOnce(header, ' ');
  if (scheme !== SCHEME) throw wrong();
  const pairs = new Map<string, string>();
  for (const text of rest.split(/, */)) {
    const [, key, value] = /^([a-z_]+)="([^"]+)"$/.exec(text) ?? [];
    if (key === undefined || value === undefined || pairs.has(key)) throw wrong();
    pairs.set(key, value);
  }
  if (pairs.size !== KEYS.length || !KEYS.every((key) => pairs.has(key))) throw wrong();
  return Object.fromEntries(pairs) as Login;
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function checkWho({ kit, pay }: World, login: Login): void {
  if (login.mchid !== kit.mchid) throw refused('商户号不存在或未开通APIv3');
  const serial = pay.settings.acceptLowerCaseSerial ? login.serial_no.toUpperCase() : login.serial_no;
  if (serial !== kit.merchant.serial) throw refused('商户证书序列号有误，请使用签名私钥匹配的证书序列号');
}

function checkNonce({ pay, clock }: World, nonce: string): void {
  if (!pay.settings.refuseReusedNonces) return;
  const now = clock.seconds();
  for (const [used, at] of pay.nonces) if (now - at > WINDOW_SECONDS) pay.nonces.delete(used);
  if (pay.nonces.has(nonce)) throw refused('Http头Authorization中的nonce_str重复');
  pay.nonces.set(nonce, now);
}

const refused = (message: string): PayError =>
  new PayError(401, 'SIGN_ERROR', message, { internalCode: SIGNATURE_INTERNAL_CODE });

/** Says what WeChat would have signed, so that a developer can lay the two texts side by side. */
function signNotMatch({ method, url }: SignedRequest, message: Buffer): PayError {
  return new PayError(401, 'SIGN_ERROR', '错误的签名，验签失败', {
    internalCode: SIGNATURE_INTERNAL_CODE,
    detail: {
      field: 'signature',
      location: 'authorization',
      detail: { issue: 'sign not match' },
      sign_information: {
        method,
        url,
        sign_message_length: message.length,
        truncated_sign_message: message.toString('utf8').slice(0, 200),
      },
    },
  });
}

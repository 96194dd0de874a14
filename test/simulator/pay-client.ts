import { createPublicKey, createVerify, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';

/** What a test may send otherwise than a right client would. */
export interface Otherwise {
  origin?: string;
  mchid?: string;
  serial?: string;
  timestamp?: string;
  nonce?: string;
  privateKeyPem?: string;
  signedUrl?: string;
  signedBody?: string;
  authorization?: (right: string) => string;
  headers?: Record<string, string | undefined>;
  /** The bytes on the wire, instead of the body in JSON. */
  raw?: string | Buffer;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** As they came: a byte order mark is still there. */
  bytes: Buffer;
  text: string;
  json: Record<string, unknown>;
  /** Which of WeChat's keys signed these bytes; null: none. */
  signedBy: string | null;
}

export type PayClient = ReturnType<typeof payClient>;

/** A merchant's client in a few lines, independent of the simulator's and of the product's cryptography. */
export function payClient(simulator: RunningSimulator) {
  const { kit, clock } = simulator.world;
  const send = async (method: string, path: string, body: unknown, otherwise: Otherwise): Promise<Answer> => {
    const sent = otherwise.raw ?? (body === undefined ? '' : JSON.stringify(body));
    const text = otherwise.signedBody ?? sent.toString();
    const timestamp = otherwise.timestamp ?? String(clock.seconds());
    const nonce = otherwise.nonce ?? randomBytes(16).toString('hex');
    const message = `${method}\n${otherwise.signedUrl ?? path}\n${timestamp}\n${nonce}\n${text}\n`;
    const signature = sign('RSA-SHA256', Buffer.from(message), otherwise.privateKeyPem ?? kit.merchant.privateKeyPem);
    const right = [
      `WECHATPAY2-SHA256-RSA2048 mchid="${otherwise.mchid ?? kit.mchid}"`,
      `nonce_str="${nonce}"`,
      `timestamp="${timestamp}"`,
      `serial_no="${otherwise.serial ?? kit.merchant.serial}"`,
      `signature="${signature.toString('base64')}"`,
    ].join(',');
    const headers = {
      accept: 'application/json',
      'user-agent': 'pay-client',
      authorization: otherwise.authorization?.(right) ?? right,
      ...(sent.length === 0 ? {} : { 'content-type': 'application/json' }),
      ...otherwise.headers,
    };
    const present = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const answer = await fetch((otherwise.origin ?? simulator.origin) + path, {
      method,
      headers: present,
      ...(sent.length === 0 ? {} : { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
    });
    return readAnswer(simulator, answer);
  };
  return {
    get: (path: string, otherwise: Otherwise = {}) => send('GET', path, undefined, otherwise),
    post: (path: string, body: unknown, otherwise: Otherwise = {}) => send('POST', path, body, otherwise),
    put: (path: string, body: unknown, otherwise: Otherwise = {}) => send('PUT', path, body, otherwise),
    patch: (path: string, body: unknown, otherwise: Otherwise = {}) => send('PATCH', path, body, otherwise),
    delete: (path: string, otherwise: Otherwise = {}) => send('DELETE', path, undefined, otherwise),
  };
}

async function readAnswer({ world }: RunningSimulator, answer: Response): Promise<Answer> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString('utf8');
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
  const message = `${answer.headers.get('wechatpay-timestamp')}\n${answer.headers.get('wechatpay-nonce')}\n${text}\n`;
  const signature = answer.headers.get('wechatpay-signature') ?? '';
  const keys = publicKeysOf(world.kit);
  const signer = keys.find(({ key }) => createVerify('RSA-SHA256').update(message).verify(key, signature, 'base64'));
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    text,
    json: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
    signedBy: signer?.serial ?? null,
  };
}

/** WeChat's public halves by the name that `Wechatpay-Serial` carries. */
export const publicKeysOf = (kit: RunningSimulator['world']['kit']) => [
  { serial: kit.publicKey.id, key: createPublicKey(kit.publicKey.publicKeyPem) },
  ...kit.platformCertificates.map(({ serial, certificatePem }) => ({
    serial,
    key: new X509Certificate(certificatePem).publicKey,
  })),
];

/** Pulls a lever and gives what it says. */
export async function pull<T = Record<string, unknown>>(
  simulator: RunningSimulator,
  path: string,
  body: object = {},
): Promise<T> {
  const answer = await fetch(`${simulator.origin}/levers${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

let lastOrder = 0;

/** The body of a right order call of 林晓 in the mini-program. */
export function orderBody({ world }: RunningSimulator, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { mchid, miniProgram } = world.kit;
  lastOrder += 1;
  return {
    appid: miniProgram.appid,
    mchid,
    description: '公司注册（标准套餐）',
    out_trade_no: `TEST${String(lastOrder).padStart(8, '0')}`,
    notify_url: 'https://agency.example.com/wechat/pay/notices',
    amount: { total: 19900, currency: 'CNY' },
    payer: { openid: world.people.get('lin').openids[miniProgram.appid] },
    ...changes,
  };
}

/** The parameters that a page hands to WeChat, signed as the documentation says. */
export function payParameters({ world }: RunningSimulator, prepayId: string, changes: Record<string, unknown> = {}) {
  const { kit, clock } = world;
  const appId = kit.miniProgram.appid;
  const timeStamp = String(clock.seconds());
  const nonceStr = randomBytes(16).toString('hex');
  const bundle = `prepay_id=${prepayId}`;
  const message = `${appId}\n${timeStamp}\n${nonceStr}\n${bundle}\n`;
  const paySign = sign('RSA-SHA256', Buffer.from(message), kit.merchant.privateKeyPem).toString('base64');
  return { appId, timeStamp, nonceStr, package: bundle, signType: 'RSA', paySign, ...changes };
}

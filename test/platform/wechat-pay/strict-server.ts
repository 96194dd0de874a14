import { createCipheriv, createSign, createVerify, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MerchantKit, SigningKey } from './merchant-kit.ts';

export interface ReceivedCall {
  method: string;
  /** Path and query. */
  target: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Turn = (response: ServerResponse, call: ReceivedCall) => void;

export interface SignatureOverrides {
  key?: SigningKey;
  serial?: string;
  timestamp?: string;
  /** Goes before the right signature. */
  prefix?: string;
  type?: string;
  /** What is signed, when it is not what is sent. */
  signedText?: string;
}

/** A WeChat Pay of one screen: verifies every request, signs every answer, and plays the turns it is given. */
export class StrictServer {
  readonly calls: ReceivedCall[] = [];
  /** Each is used once, in order; then `answer`. */
  turns: Turn[] = [];
  answer: Turn;
  private server!: Server;

  private constructor(
    private readonly kit: MerchantKit,
    private readonly now: () => Date,
  ) {
    this.answer = (response) => this.reply(response, 200, '{}');
  }

  static async start(kit: MerchantKit, now: () => Date, port = 0): Promise<StrictServer> {
    const strict = new StrictServer(kit, now);
    strict.server = createServer((request, response) => void strict.handle(request, response));
    await new Promise<void>((resolve) => strict.server.listen(port, '127.0.0.1', resolve));
    return strict;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** A signed answer. */
  reply(response: ServerResponse, status: number, text: string, overrides: SignatureOverrides = {}): void {
    response.writeHead(status, {
      ...signatureHeaders(text, overrides.key ?? this.kit.wechatPublicKey, this.now(), overrides),
      'request-id': '08F78BB5AF0610B302189C8DE5A00128F9CD3850-0',
      ...(status === 204 ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    });
    response.end(status === 204 ? undefined : text);
  }

  /** An answer outside 2xx, without a signature. */
  refuse(response: ServerResponse, status: number, code: string, message = 'no', internalCode = '268435461'): void {
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': `08F78BB5AF-${internalCode}` });
    response.end(JSON.stringify({ code, message }));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.calls.push(call);
    const fault = this.faultOf(call);
    if (fault) return this.refuse(response, 401, 'SIGN_ERROR', fault);
    (this.turns.shift() ?? this.answer)(response, call);
  }

  private faultOf({ method, target, headers, body }: ReceivedCall): string | null {
    const grammar = /^WECHATPAY2-SHA256-RSA2048 (\w+="[^"]+")(,\w+="[^"]+"){4}$/;
    if (!grammar.test(headers.authorization ?? '')) return 'authorization grammar';
    const said = Object.fromEntries(
      [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]+)"/g)].map(([, name, value]) => [name, value]),
    );
    if (said['mchid'] !== this.kit.mchid) return 'mchid';
    if (said['serial_no'] !== this.kit.merchant.serial) return 'serial_no';
    if (Math.abs(this.now().getTime() / 1000 - Number(said['timestamp'])) >= 300) return 'timestamp';
    const message = `${method}\n${target}\n${said['timestamp']}\n${said['nonce_str']}\n${body}\n`;
    const isRight = createVerify('RSA-SHA256')
      .update(message)
      .verify(this.kit.merchant.publicPem, said['signature']!, 'base64');
    if (!isRight) return 'sign not match';
    if (headers.accept !== 'application/json' || !headers['user-agent']) return 'accept or user-agent';
    if (method === 'POST' && headers['content-type'] !== 'application/json') return 'content-type';
    return null;
  }
}

/** The five headers of a signed answer or notice. */
export function signatureHeaders(
  text: string,
  key: SigningKey,
  now: Date,
  overrides: Omit<SignatureOverrides, 'key'> = {},
): Record<string, string> {
  const timestamp = overrides.timestamp ?? String(Math.floor(now.getTime() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('RSA-SHA256')
    .update(`${timestamp}\n${nonce}\n${overrides.signedText ?? text}\n`)
    .sign(key.privatePem, 'base64');
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': overrides.serial ?? key.serial,
    'wechatpay-signature': (overrides.prefix ?? '') + signature,
    'wechatpay-signature-type': overrides.type ?? 'WECHATPAY2-SHA256-RSA2048',
  };
}

export interface SealedText {
  algorithm: string;
  nonce: string;
  associated_data?: string;
  ciphertext: string;
}

export function sealText(text: string, apiV3Key: string, associatedData?: string): SealedText {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  if (associatedData) cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    ...(associatedData ? { associated_data: associatedData } : {}),
    ciphertext: sealed.toString('base64'),
  };
}

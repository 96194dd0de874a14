import type { Logger } from 'pino';
import type { IPayRequest, Output } from 'wechatpay-node-v3/dist/define.js';
import { badSignature, readObject, type Answer } from './answer.ts';
import type { Call, Exchange } from './exchange.ts';
import type { KeyStore } from './keys.ts';
import { PACKAGE_ORIGIN } from './request-builder.ts';
import { findSignatureFault, type SignatureFault } from './verify.ts';

/**
 * What wechatpay-node-v3 sends its requests through. Gives nothing back that is not proved to be WeChat Pay's,
 * and throws where the package would hand failures on.
 */
export class Transport implements IPayRequest {
  constructor(
    private readonly exchange: Exchange,
    private readonly keys: KeyStore,
    private readonly now: () => Date,
    private readonly log: Logger,
  ) {}

  get(url: string): Promise<Output> {
    return this.output({ method: 'GET', target: targetOf(url), text: '' });
  }

  post(url: string, params: Record<string, unknown>): Promise<Output> {
    return this.output({ method: 'POST', target: targetOf(url), text: JSON.stringify(params) });
  }

  upload(): Promise<Output> {
    return Promise.reject(new Error('files are not sent to WeChat Pay'));
  }

  /** For what the package does not know. @throws UpstreamError */
  async call(call: Call): Promise<Record<string, unknown>> {
    return readObject(await this.proved(call));
  }

  /** A file, which nobody has signed (WeChat Pay documentation, downloading complaint images). @throws UpstreamError */
  async download(target: string): Promise<Buffer> {
    const { rawBody } = await this.exchange.send({ method: 'GET', target, text: '', isDownload: true });
    return rawBody;
  }

  private async output(call: Call): Promise<Output> {
    const answer = await this.proved(call);
    return { status: answer.status, data: readObject(answer) };
  }

  private async proved(call: Call): Promise<Answer> {
    const answer = await this.exchange.send(call);
    const fault = await this.findFault(answer);
    if (fault) throw badSignature(answer, fault, this.log);
    return answer;
  }

  private async findFault(answer: Answer): Promise<SignatureFault | null> {
    const look = () => findSignatureFault(answer.headers, answer.rawBody, this.keys.find, this.now());
    const fault = look();
    return fault === 'unknown-serial' && (await this.keys.refreshForAnswer()) ? look() : fault;
  }
}

const targetOf = (url: string): string => (url.startsWith(PACKAGE_ORIGIN) ? url.slice(PACKAGE_ORIGIN.length) : url);

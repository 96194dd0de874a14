import type { Readable } from 'node:stream';
import { Agent, buildConnector, request } from 'undici';
import { z } from 'zod';
import { UpstreamError } from '../errors.ts';
import { wireFaultOf } from '../wire.ts';
import { failure, failureOf, isRefusedAs } from './errors.ts';
import type { BillKind, BillOffer } from './outcome.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { WechatPaySettings } from './settings.ts';

const DOWNLOAD_PATH = '/v3/billdownload/file';
const MAX_REFUSAL_BYTES = 64 * 1024;

const offerShape = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url({ protocol: /^https?$/ }).max(2048),
});

export type BillApplication = { is: 'ready'; offer: BillOffer } | { is: 'creating' } | { is: 'none' };

/** Bills: applied for like everything, fetched as a stream. Source: WeChat Pay documentation 4013071246, 4013071249, 4012084430. */
export class Bills {
  private readonly agent: Agent;

  constructor(
    private readonly settings: WechatPaySettings,
    private readonly builder: RequestBuilder,
  ) {
    const { connectTimeoutMs, timeoutMs } = settings;
    // A whole bill may be long on its way; only a pause in it is a fault.
    this.agent = new Agent({
      connect: buildConnector({ timeout: connectTimeoutMs }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  async apply(kind: BillKind, day: string): Promise<BillApplication> {
    const wanted = { bill_date: day, tar_type: 'GZIP' };
    try {
      const { data } =
        kind === 'trade'
          ? await this.builder.tradebill({ ...wanted, bill_type: 'ALL' })
          : await this.builder.fundflowbill({ ...wanted, account_type: 'BASIC' });
      return { is: 'ready', offer: this.offerOf(data) };
    } catch (error) {
      if (isRefusedAs(error, 'statement_creating')) return { is: 'creating' };
      if (isRefusedAs(error, 'no_statement_exist')) return { is: 'none' };
      throw error;
    }
  }

  /** Our signature goes only where we are at home. */
  private offerOf(answer: unknown): BillOffer {
    const { data } = offerShape.safeParse(answer);
    if (!data) throw failure('unknown', 'unexpected_answer');
    const { origin, pathname, search } = new URL(data.download_url);
    const { origin: primary, backupOrigin } = this.settings;
    if (![primary, backupOrigin].includes(origin) || pathname !== DOWNLOAD_PATH)
      throw failure('unknown', 'foreign_download_address');
    return { sha1: data.hash_value.toLowerCase(), origin, target: pathname + search };
  }

  async download({ origin, target }: BillOffer): Promise<Readable> {
    const authorization = this.builder.authorizationFor('GET', target, '');
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'tongban', authorization };
    try {
      const { statusCode, body } = await request(origin + target, { dispatcher: this.agent, headers });
      if (statusCode === 200) return body;
      throw failureOf(statusCode, await head(body), undefined);
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      throw failure('unknown', wireFaultOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    if (!this.agent.closed) await this.agent.close();
  }
}

async function head(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks);
}

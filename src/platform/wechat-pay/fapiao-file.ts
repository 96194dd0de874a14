import { createHash } from 'node:crypto';
import { isPdf } from '../files/pdf.ts';
import { UpstreamError } from '../errors.ts';
import { Wire, type WireAnswer, wireFaultOf } from '../wire.ts';
import { failure, failureOf } from './errors.ts';
import type { WechatPaySettings } from './settings.ts';

/** Where files are, at WeChat: not one of the two Pay domains. */
const FILE_ORIGIN = 'https://pay.wechatpay.cn';
const FILE_PATH = '/invoicing/fapiao/fapiao-file';
const MAX_BYTES = 5 * 1024 * 1024;

export interface FapiaoFileOffer {
  /** To be fetched within thirty seconds. */
  url: string;
}

/**
 * Fetches a PDF. Neither side signs; the digest in a header is what proves it (documentation «下载发票文件», 2025.09.26).
 * @param about whose fapiao it is: added to the address
 * @throws UpstreamError
 */
export async function downloadFapiaoFile(
  settings: WechatPaySettings,
  { url }: FapiaoFileOffer,
  about: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const address = new URL(url);
  const isOurs = [FILE_ORIGIN, settings.origin, settings.backupOrigin].includes(address.origin);
  if (!isOurs || address.pathname !== FILE_PATH) throw failure('unknown', 'foreign_download_address');
  for (const [name, value] of Object.entries(about)) address.searchParams.set(name, value);
  const { headers, rawBody, status } = await fetchFrom(settings, address);
  if (status !== 200) throw failureOf(status, rawBody, undefined);

  const digest = headers['sm3-digest'];
  const isProved = typeof digest === 'string' && digest.toLowerCase() === sm3(rawBody);
  if (!isProved) throw failure('unknown', 'digest_differs');
  if (!isPdf(rawBody)) throw failure('unknown', 'unexpected_answer');
  return rawBody;
}

async function fetchFrom(settings: WechatPaySettings, { origin, pathname, search }: URL): Promise<WireAnswer> {
  const wire = new Wire({ ...settings, maxAnswerBytes: MAX_BYTES });
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'tongban' };
  const signal = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await wire.send({ origin, method: 'GET', target: pathname + search, headers, body: null, signal });
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw failure('unknown', wire.isConnectionFault(error) ? 'unreachable' : wireFaultOf(error), { cause: error });
  } finally {
    await wire.close();
  }
}

const sm3 = (bytes: Buffer): string => createHash('sm3').update(bytes).digest('hex');

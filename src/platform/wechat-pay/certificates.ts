import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { badSignature, readObject, type Answer } from './answer.ts';
import { failure, isRefusedAs } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { PlatformCertificate } from './keys.ts';
import { openSeal, SealBroken, sealedShape } from './seal.ts';
import { isSameSerial } from './settings.ts';
import { findSignatureFault, type FindKey } from './verify.ts';

const certificatesAnswer = z.object({
  data: z.array(z.object({ serial_no: z.string().min(1), encrypt_certificate: sealedShape })),
});

export interface DownloadOptions {
  exchange: Exchange;
  sealKey: Buffer;
  /** The keys known so far. */
  findKey: FindKey;
  now: () => Date;
  log: Logger;
}

/**
 * `GET /v3/certificates`. The first answer is signed with a key that only this answer holds: it counts because it was sealed
 * with our APIv3 key, which nobody but WeChat Pay and we have. Source: WeChat Pay documentation 4012551764.
 * @returns an empty list when the merchant has public-key mode only
 * @throws UpstreamError
 */
export async function downloadCertificates(options: DownloadOptions): Promise<PlatformCertificate[]> {
  const answer = await askForCertificates(options.exchange);
  if (!answer) return [];

  const certificates = openCertificates(answer, options.sealKey);
  // Nobody is believed because of an empty list, so it needs no proof; and nothing in it could give one.
  if (certificates.length === 0) return [];

  const bySerial = new Map(certificates.map(({ serial, key }) => [serial, key]));
  const findKey: FindKey = (serial) => options.findKey(serial) ?? bySerial.get(serial) ?? null;
  const fault = findSignatureFault(answer.headers, answer.rawBody, findKey, options.now());
  if (fault) throw badSignature(answer, fault, options.log);
  return certificates;
}

async function askForCertificates(exchange: Exchange): Promise<Answer | null> {
  try {
    return await exchange.send({ method: 'GET', target: '/v3/certificates', text: '' });
  } catch (error) {
    if (isRefusedAs(error, 'resource_not_exists') || isRefusedAs(error, 'not_found')) return null;
    throw error;
  }
}

function openCertificates(answer: Answer, sealKey: Buffer): PlatformCertificate[] {
  const { status, requestId } = answer;
  const parsed = certificatesAnswer.safeParse(readObject(answer));
  if (!parsed.success) throw failure('unknown', 'unexpected_answer', { status, requestId, cause: parsed.error });
  try {
    return parsed.data.data.map(({ serial_no, encrypt_certificate }) =>
      readCertificate(serial_no, openSeal(encrypt_certificate, sealKey)),
    );
  } catch (cause) {
    const code = cause instanceof SealBroken ? 'seal_broken' : 'unreadable_certificate';
    throw failure('bad_signature', code, { status, requestId, cause });
  }
}

function readCertificate(serial: string, pem: string): PlatformCertificate {
  const certificate = new X509Certificate(pem);
  if (!isSameSerial(certificate.serialNumber, serial))
    throw new Error('a certificate under a serial that is not its own');
  return { serial, key: certificate.publicKey, expiresAt: new Date(certificate.validTo) };
}

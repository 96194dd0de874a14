import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';
const ORGANISATION = '55040a';
const COUNTRY = '550406';

export interface CertificateFacts {
  /** 40 upper-case hexadecimal digits; the first digit is below 8, so that the number is positive. */
  serial: string;
  commonName: string;
  privateKeyPem: string;
  notBefore: Date;
  notAfter: Date;
}

/** Writes an X.509 certificate (DER in PEM armour). It names WeChat's issuer but is signed by its own key. */
export function writeCertificate(facts: CertificateFacts): string {
  const privateKey = createPrivateKey(facts.privateKeyPem);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectId(SHA256_WITH_RSA), element(0x05, Buffer.alloc(0)));
  const toBeSigned = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from(facts.serial, 'hex')),
    algorithm,
    name('Tenpay.com Root CA'),
    sequence(utcTime(facts.notBefore), utcTime(facts.notAfter)),
    name(facts.commonName),
    publicKey,
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return armour(sequence(toBeSigned, algorithm, element(0x03, Buffer.concat([Buffer.from([0]), signature]))));
}

function name(commonName: string): Buffer {
  return sequence(
    attribute(COUNTRY, 0x13, 'CN'),
    attribute(ORGANISATION, 0x0c, 'Tongban simulator, not Tenpay'),
    attribute(COMMON_NAME, 0x0c, commonName),
  );
}

const attribute = (kind: string, tag: number, text: string): Buffer =>
  element(0x31, sequence(objectId(kind), element(tag, Buffer.from(text, 'utf8'))));

const objectId = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

const sequence = (...parts: Buffer[]): Buffer => element(0x30, Buffer.concat(parts));

// Two-digit years are enough: X.509 wants the longer form only from 2050 on.
const utcTime = (at: Date): Buffer =>
  element(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'ascii'));

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(count: number): Buffer {
  if (count < 0x80) return Buffer.from([count]);
  if (count < 0x100) return Buffer.from([0x81, count]);
  return Buffer.from([0x82, count >> 8, count & 0xff]);
}

function armour(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

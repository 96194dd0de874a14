import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { writeCertificate } from '../../../simulator/src/certificate.ts';

export interface SigningKey {
  /** What `Wechatpay-Serial` says: a public-key id or a serial number. */
  serial: string;
  publicPem: string;
  privatePem: string;
}

export type CertificateKey = SigningKey & { certificatePem: string };

/** What a merchant and WeChat Pay hold, generated anew for every test file. */
export interface MerchantKit {
  mchid: string;
  merchant: CertificateKey;
  wechatPublicKey: SigningKey;
  apiV3Key: string;
}

export const newMerchantKit = (): MerchantKit => ({
  mchid: '1900000109',
  merchant: newCertificateKey('1900000109'),
  wechatPublicKey: newSigningKey(`PUB_KEY_ID_011900000109${randomInt(1e9)}`),
  apiV3Key: randomBytes(16).toString('hex'),
});

export function newSigningKey(serial: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { serial, publicPem: publicKey, privatePem: privateKey };
}

export function newCertificateKey(commonName: string, notAfter = new Date('2040-01-01')): CertificateKey {
  const key = newSigningKey(`5${randomBytes(20).toString('hex').slice(1).toUpperCase()}`);
  const facts = { serial: key.serial, commonName, privateKeyPem: key.privatePem, notBefore: new Date('2024-01-01') };
  return { ...key, certificatePem: writeCertificate({ ...facts, notAfter }) };
}

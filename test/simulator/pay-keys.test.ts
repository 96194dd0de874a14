import { createDecipheriv, X509Certificate } from 'node:crypto';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import { orderBody, payClient, pull, type Answer, type PayClient } from './pay-client.ts';
import { startTestSimulator } from './support.ts';

const JSAPI = '/v3/pay/transactions/jsapi';
let simulator: RunningSimulator;
let client: PayClient;
let publicKeyId: string;
let older: string;
let newer: string;

beforeAll(async () => {
  simulator = await startTestSimulator();
  client = payClient(simulator);
  publicKeyId = simulator.world.kit.publicKey.id;
  [older, newer] = simulator.world.kit.platformCertificates.map(({ serial }) => serial) as [string, string];
});
beforeEach(() => simulator.world.reset());
afterAll(() => simulator.stop());

const order = (asked?: string): Promise<Answer> =>
  client.post(JSAPI, orderBody(simulator), { headers: { 'wechatpay-serial': asked } });

/** The key named in the header, proven by the signature itself. */
async function signerOf(asked?: string): Promise<string | null> {
  const answer = await order(asked);
  expect(answer.headers.get('wechatpay-serial')).toBe(answer.signedBy);
  return answer.signedBy;
}

describe('answers are signed', () => {
  it('with the public key in public-key mode, whatever is asked for', async () => {
    expect(await signerOf()).toBe(publicKeyId);
    expect(await signerOf(publicKeyId)).toBe(publicKeyId);
    expect(await signerOf(older)).toBe(publicKeyId);
  });

  it('with a certificate in certificate mode: the one asked for, else the one in use', async () => {
    await pull(simulator, '/pay/settings', { keyMode: 'certificate' });
    expect(await signerOf()).toBe(older);
    expect(await signerOf(newer)).toBe(newer);
    expect(await signerOf(publicKeyId)).toBe(older);
    await pull(simulator, '/pay/settings', { certificateInUse: 'newer' });
    expect(await signerOf()).toBe(newer);
    await pull(simulator, '/pay/settings', { certificateInUse: 'mixed' });
    expect(new Set([await signerOf(), await signerOf()])).toEqual(new Set([older, newer]));
  });

  it('while switching with the public key only for those who ask for it', async () => {
    await pull(simulator, '/pay/settings', { keyMode: 'switching' });
    expect(await signerOf()).toBe(older);
    expect(await signerOf(publicKeyId)).toBe(publicKeyId);
    expect(await signerOf(newer)).toBe(newer);
  });

  it('errors too, unless a lever leaves them bare', async () => {
    const refused = () => client.post(JSAPI, {});
    expect(await refused()).toMatchObject({ status: 400, signedBy: publicKeyId });
    await pull(simulator, '/pay/settings', { errorsUnsigned: true });
    const bare = await refused();
    expect(bare).toMatchObject({ status: 400, signedBy: null });
    expect(bare.headers.get('wechatpay-signature')).toBeNull();
    expect(bare.headers.get('request-id')).toMatch(/^08[0-9A-F]+-\d+$/);
    expect(await signerOf()).toBe(publicKeyId);
  });
});

describe('GET /v3/certificates', () => {
  interface Sealed {
    serial_no: string;
    effective_time: string;
    expire_time: string;
    encrypt_certificate: { algorithm: string; nonce: string; associated_data: string; ciphertext: string };
  }

  const open = ({
    nonce,
    associated_data: associatedData,
    ciphertext,
  }: Sealed['encrypt_certificate']): X509Certificate => {
    const sealed = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', simulator.world.kit.apiV3Key, nonce);
    decipher.setAuthTag(sealed.subarray(-16)).setAAD(Buffer.from(associatedData));
    return new X509Certificate(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]));
  };

  it('gives two certificates whose lives overlap, sealed with the APIv3 key', async () => {
    await pull(simulator, '/pay/settings', { keyMode: 'certificate' });
    const answer = await client.get('/v3/certificates');
    const sealed = answer.json.data as Sealed[];
    expect(sealed.map(({ serial_no }) => serial_no)).toEqual([older, newer]);
    for (const { serial_no, encrypt_certificate, effective_time, expire_time } of sealed) {
      const certificate = open(encrypt_certificate);
      expect(encrypt_certificate).toMatchObject({ algorithm: 'AEAD_AES_256_GCM', associated_data: 'certificate' });
      expect(certificate.serialNumber).toBe(serial_no);
      expect(certificate.subject).toContain('CN=Tenpay.com sign');
      expect(Date.parse(certificate.validFrom)).toBe(Date.parse(effective_time));
      expect(Date.parse(certificate.validTo)).toBe(Date.parse(expire_time));
      expect(effective_time).toMatch(/\+08:00$/);
    }
    expect(Date.parse(sealed[1]!.effective_time)).toBeLessThan(Date.parse(sealed[0]!.expire_time));
    expect(answer.signedBy).toBe(older);
  });

  it('takes the algorithm into account', async () => {
    await pull(simulator, '/pay/settings', { keyMode: 'switching' });
    expect((await client.get('/v3/certificates?algorithm_type=RSA')).json.data).toHaveLength(2);
    expect((await client.get('/v3/certificates?algorithm_type=SM2')).json.data).toEqual([]);
    expect(await client.get('/v3/certificates?algorithm_type=MD5')).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR' },
    });
  });

  it('has none in public-key mode, in each of the three ways that merchants saw', async () => {
    expect(await client.get('/v3/certificates')).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });
    await pull(simulator, '/pay/settings', { certificatesAbsence: 'NOT_FOUND' });
    expect(await client.get('/v3/certificates')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    await pull(simulator, '/pay/settings', { certificatesAbsence: 'empty-list' });
    expect(await client.get('/v3/certificates')).toMatchObject({ status: 200, json: { data: [] } });
  });
});

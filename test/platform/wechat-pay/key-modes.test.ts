import type { ServerResponse } from 'node:http';
import {
  anOrder,
  aTransaction,
  certificateMode,
  openCounter,
  settingsFor,
  TestClock,
  type Counter,
} from './counter.ts';
import { newCertificateKey, newMerchantKit, type CertificateKey, type SigningKey } from './merchant-kit.ts';
import { sealText, signatureHeaders, StrictServer, type SignatureOverrides } from './strict-server.ts';

const kit = newMerchantKit();
const oldCertificate = newCertificateKey('Tenpay.com sign');
const newCertificate = newCertificateKey('Tenpay.com sign');
const overlapping = [oldCertificate, newCertificate];
const stranger = newCertificateKey('1900000109');
const apiV3Key = kit.apiV3Key;
const clock = new TestClock();
let wechat: StrictServer;
let counter: Counter;
/** What `GET /v3/certificates` answers. */
let answerCertificates: (response: ServerResponse) => void;
/** What everything else is signed with. */
let signingKey: SigningKey;

beforeAll(async () => {
  wechat = await StrictServer.start(kit, clock.now);
  wechat.answer = (response, { target }) =>
    target === '/v3/certificates'
      ? answerCertificates(response)
      : wechat.reply(response, 200, JSON.stringify(aTransaction(kit)), { key: signingKey });
});
beforeEach(() => {
  clock.advance(3600);
  wechat.calls.length = 0;
  signingKey = oldCertificate;
  answerCertificates = (response) => listing(response, overlapping, { key: oldCertificate });
});
afterEach(() => counter.pay.stop());
afterAll(() => wechat.stop());

function listing(response: ServerResponse, certificates: CertificateKey[], signed: SignatureOverrides): void {
  const data = certificates.map(({ serial, certificatePem }) => ({
    serial_no: serial,
    effective_time: '2024-01-01T08:00:00+08:00',
    expire_time: '2040-01-01T08:00:00+08:00',
    encrypt_certificate: sealText(certificatePem, apiV3Key, 'certificate'),
  }));
  wechat.reply(response, 200, JSON.stringify({ data }), signed);
}

const open = (mode: object) => {
  counter = openCounter({ ...settingsFor(kit, { origin: wechat.origin }), ...mode }, clock.now);
};
const ask = () => counter.pay.findByOutTradeNo(anOrder.outTradeNo);
const downloads = () => wechat.calls.filter(({ target }) => target === '/v3/certificates').length;

const noticeBody = () =>
  JSON.stringify({
    id: 'EV-1',
    event_type: 'TRANSACTION.SUCCESS',
    resource: { original_type: 'transaction', ...sealText(JSON.stringify(aTransaction(kit)), apiV3Key, 'transaction') },
  });
const tell = (key: SigningKey) => {
  const body = noticeBody();
  return counter.pay.openNotice(Buffer.from(body), signatureHeaders(body, key, clock.now()));
};

describe('certificate mode', () => {
  it('believes the first list by the certificate that is sealed inside it', async () => {
    open(certificateMode);
    await counter.pay.start();
    expect(await ask()).toMatchObject({ state: 'success' });
    expect(downloads()).toBe(1);
  });

  it('believes both certificates while they overlap, in answers and in notices', async () => {
    open(certificateMode);
    await counter.pay.start();
    for (const key of overlapping) {
      signingKey = key;
      expect(await ask()).toMatchObject({ state: 'success' });
      expect(tell(key)).toMatchObject({ opened: true });
    }
    expect(downloads()).toBe(1);
  });

  it('does not ask for the answers’ key by name', async () => {
    open(certificateMode);
    await ask();
    expect(wechat.calls.at(-1)!.headers['wechatpay-serial']).toBeUndefined();
  });

  it('fetches the list when an answer comes with a serial number it has not seen', async () => {
    open(certificateMode);
    answerCertificates = (response) => listing(response, [oldCertificate], { key: oldCertificate });
    await counter.pay.start();
    clock.advance(61);
    answerCertificates = (response) => listing(response, overlapping, { key: newCertificate });
    signingKey = newCertificate;
    expect(await ask()).toMatchObject({ state: 'success' });
    expect(downloads()).toBe(2);
  });

  it('does so at most once a minute, however many answers come', async () => {
    open(certificateMode);
    signingKey = stranger;
    const outcomes = await Promise.allSettled([ask(), ask(), ask()]);
    outcomes.push(...(await Promise.allSettled([ask()])));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { kind: 'bad_signature', code: 'unknown_serial' } });
    expect(downloads()).toBe(1);

    clock.advance(59);
    await ask().catch(() => {});
    expect(downloads()).toBe(1);
    clock.advance(1);
    await ask().catch(() => {});
    expect(downloads()).toBe(2);
  });

  it('never fetches because of a notice', async () => {
    open(certificateMode);
    await counter.pay.start();
    clock.advance(3600);
    for (let count = 0; count < 20; count += 1) {
      expect(tell(stranger)).toEqual({ opened: false, fault: 'unknown-serial', genuine: false });
    }
    // Ends when nothing is under way any more.
    await counter.pay.stop();
    expect(downloads()).toBe(1);
  });

  it('lets an expired certificate prove nothing', async () => {
    open(certificateMode);
    const expiring = newCertificateKey('Tenpay.com sign', new Date(clock.now().getTime() + 30_000));
    answerCertificates = (response) => listing(response, [expiring], { key: expiring });
    await counter.pay.start();
    expect(tell(expiring)).toMatchObject({ opened: true });
    clock.advance(31);
    expect(tell(expiring)).toMatchObject({ opened: false, fault: 'unknown-serial' });
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['was signed by someone else', 'unknown_serial', (response) => listing(response, overlapping, { key: stranger })],
    [
      'was changed on its way',
      'bad_signature',
      (response) => listing(response, overlapping, { key: oldCertificate, signedText: 'x' }),
    ],
    [
      'was sealed with another APIv3 key',
      'seal_broken',
      (response) => {
        const encrypt_certificate = sealText(oldCertificate.certificatePem, 'f'.repeat(32), 'certificate');
        const text = JSON.stringify({ data: [{ serial_no: oldCertificate.serial, encrypt_certificate }] });
        wechat.reply(response, 200, text, { key: oldCertificate });
      },
    ],
    [
      'calls a certificate by another’s number',
      'unreadable_certificate',
      (response) => listing(response, [{ ...oldCertificate, serial: newCertificate.serial }], { key: oldCertificate }),
    ],
    ['is empty', 'no_platform_certificate', (response) => listing(response, [], { key: oldCertificate })],
  ])('believes nobody after a list that %s', async (_what, code, answer) => {
    open(certificateMode);
    answerCertificates = answer;
    await counter.pay.start();
    expect(counter.logged.join('')).toContain(`"code":"${code}"`);
    expect(tell(oldCertificate)).toMatchObject({ opened: false, fault: 'unknown-serial' });
  });

  it('starts while WeChat is away, and keeps the keys it has when a later list fails', async () => {
    open(certificateMode);
    answerCertificates = (response) => wechat.refuse(response, 429, 'FREQUENCY_LIMITED');
    await counter.pay.start();
    expect(tell(oldCertificate)).toMatchObject({ opened: false });

    clock.advance(60);
    answerCertificates = (response) => listing(response, [oldCertificate], { key: oldCertificate });
    await ask();
    clock.advance(60);
    answerCertificates = (response) => wechat.refuse(response, 429, 'FREQUENCY_LIMITED');
    signingKey = newCertificate;
    await ask().catch(() => {});
    expect(tell(oldCertificate)).toMatchObject({ opened: true });
  });
});

describe('public-key mode', () => {
  beforeEach(() => {
    signingKey = kit.wechatPublicKey;
  });

  it('needs no list and asks for none', async () => {
    open({});
    await counter.pay.start();
    expect(await ask()).toMatchObject({ state: 'success' });
    signingKey = oldCertificate;
    await expect(ask()).rejects.toMatchObject({ kind: 'bad_signature', code: 'unknown_serial' });
    expect(tell(oldCertificate)).toMatchObject({ fault: 'unknown-serial' });
    expect(downloads()).toBe(0);
  });
});

describe('both modes at once, while the merchant switches', () => {
  const switching = { useCertificates: true };

  it('believes the public key and the certificates, and asks for the public key', async () => {
    open(switching);
    answerCertificates = (response) => listing(response, overlapping, { key: kit.wechatPublicKey });
    await counter.pay.start();
    for (const key of [kit.wechatPublicKey, oldCertificate, newCertificate]) {
      signingKey = key;
      expect(await ask()).toMatchObject({ state: 'success' });
      expect(tell(key)).toMatchObject({ opened: true });
    }
    for (const { headers } of wechat.calls) expect(headers['wechatpay-serial']).toBe(kit.wechatPublicKey.serial);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['RESOURCE_NOT_EXISTS', (response) => wechat.refuse(response, 404, 'RESOURCE_NOT_EXISTS')],
    ['NOT_FOUND', (response) => wechat.refuse(response, 404, 'NOT_FOUND')],
    ['an empty list', (response) => listing(response, [], { key: kit.wechatPublicKey })],
  ])('goes on with the public key alone after %s', async (_what, answer) => {
    open(switching);
    answerCertificates = answer;
    await counter.pay.start();
    expect(counter.logged.some((line) => line.includes('"level":50'))).toBe(false);
    signingKey = kit.wechatPublicKey;
    expect(await ask()).toMatchObject({ state: 'success' });
  });

  it('keeps the certificates that notices still come with when the list becomes empty', async () => {
    open(switching);
    await counter.pay.start();
    answerCertificates = (response) => listing(response, [], { key: kit.wechatPublicKey });
    clock.advance(61);
    signingKey = stranger;
    await ask().catch(() => {});
    expect(downloads()).toBe(2);
    expect(tell(oldCertificate)).toMatchObject({ opened: true });
  });
});

describe('settings that cannot work', () => {
  const settings = () => settingsFor(kit, { origin: wechat.origin });

  it.each<[string, object, string]>([
    ['no key mode', { publicKey: undefined }, 'neither the WeChat Pay public key nor platform certificates'],
    ['a short APIv3 key', { apiV3Key: 'short' }, 'APIv3 key is not 32 bytes'],
    [
      'another private key',
      { merchantPrivateKeyPem: stranger.privatePem },
      'does not belong to the merchant certificate',
    ],
    ['another serial', { merchantSerial: stranger.serial }, 'not the serial of the merchant certificate'],
    ['no private key', { merchantPrivateKeyPem: 'x' }, 'the merchant private key cannot be read'],
    ['no certificate', { merchantCertificatePem: 'x' }, 'the merchant certificate cannot be read'],
    [
      'a broken public key',
      { publicKey: { id: 'PUB_KEY_ID_1', pem: 'x' } },
      'the WeChat Pay public key cannot be read',
    ],
  ])('stop the start, and say so without a key: %s', (_what, wrong, sentence) => {
    expect(() => openCounter({ ...settings(), ...wrong }, clock.now)).toThrow(sentence);
    expect(() => openCounter({ ...settings(), ...wrong }, clock.now)).not.toThrow(/BEGIN|short/);
  });

  it('names all faults at once', () => {
    const wrong = { ...settings(), apiV3Key: 'short', publicKey: undefined };
    expect(() => openCounter(wrong, clock.now)).toThrow(/APIv3 key.*; neither/);
  });

  beforeEach(() => open({}));
});

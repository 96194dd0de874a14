import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptKit } from '../../simulator/src/simulator.ts';
import { sharedKit, startTestSimulator } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongban-kit-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('what a merchant is given', () => {
  it("has the forms that WeChat's things have", async () => {
    const kit = await sharedKit();
    expect(kit.apiV3Key).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(kit.merchant.serial).toMatch(/^[0-9A-F]{40}$/);
    expect(kit.publicKey.id).toMatch(/^PUB_KEY_ID_\d{34}$/);
    for (const app of [kit.officialAccount, kit.miniProgram]) {
      expect(app.appid).toMatch(/^wx[0-9a-f]{16}$/);
      expect(app.secret).toMatch(/^[0-9a-z]{32}$/);
      expect(app.encodingAesKey).toMatch(/^[0-9A-Za-z]{43}$/);
      expect(Buffer.from(`${app.encodingAesKey}=`, 'base64')).toHaveLength(32);
      expect(app.originalId).toMatch(/^gh_[0-9a-z]{12}$/);
    }
  });

  it('says of each secret what it is, so that nobody takes it into production', async () => {
    const { apiV3Key, officialAccount, miniProgram, openPlatform } = await sharedKit();
    const secrets = [officialAccount, miniProgram, openPlatform].flatMap(({ secret, token, encodingAesKey }) => [
      secret,
      token,
      encodingAesKey,
    ]);
    for (const secret of [apiV3Key, ...secrets]) expect(secret).toContain('simulator');
  });

  it('has certificates that hold their own key, serial and life', async () => {
    const { merchant, mchid, platformCertificates } = await sharedKit();
    const certificate = new X509Certificate(merchant.certificatePem);
    expect(certificate.serialNumber).toBe(merchant.serial);
    expect(certificate.subject).toContain(`CN=${mchid}`);
    expect(certificate.issuer).toContain('CN=Tenpay.com Root CA');
    expect(certificate.verify(createPublicKey(merchant.privateKeyPem))).toBe(true);
    for (const { certificatePem, effectiveTime, expireTime } of platformCertificates) {
      const platform = new X509Certificate(certificatePem);
      expect(new Date(platform.validFrom).toISOString()).toBe(effectiveTime);
      expect(new Date(platform.validTo).toISOString()).toBe(expireTime);
    }
  });
});

// Each kit is four RSA keys: seconds on a busy machine.
const KEYS_TAKE_MS = 30_000;

describe('a kept kit', () => {
  it(
    'is the same for all who make it at once, and for all who come later',
    async () => {
      const [one, two] = await Promise.all([keptKit(folder), keptKit(folder)]);
      expect(two).toEqual(one);
      expect(await keptKit(folder)).toEqual(one);
      expect(await readdir(folder)).toEqual(['kit.json']);
      expect((await stat(join(folder, 'kit.json'))).mode & 0o077).toBe(0);
    },
    KEYS_TAKE_MS,
  );

  it(
    'is made anew when what lies there is of no use',
    async () => {
      await writeFile(join(folder, 'kit.json'), '{"version":0}');
      const made = await keptKit(folder);
      expect(made.merchant.serial).toMatch(/^[0-9A-F]{40}$/);
      expect(await keptKit(folder)).toEqual(made);
    },
    KEYS_TAKE_MS,
  );
});

describe('starting', () => {
  it('leaves no port behind when the second one is taken', async () => {
    const first = await startTestSimulator();
    const taken = Number(new URL(first.backupOrigin).port);
    await expect(startTestSimulator({ backupPort: taken })).rejects.toThrow('EADDRINUSE');
    await first.stop();
  });
});

describe('people', () => {
  it("have openids and unionids of WeChat's form, another one in each app", async () => {
    const simulator = await startTestSimulator();
    const ids = simulator.world.people.all().flatMap(({ openids, unionid }) => [...Object.values(openids), unionid]);
    expect(new Set(ids).size).toBe(9);
    for (const id of ids) expect(id).toMatch(/^o[\w-]{27}$/);
    await simulator.stop();
  });
});

describe('a reset', () => {
  it('forgets people, faults, settings and calls, and keeps keys, addresses and openids', async () => {
    const simulator = await startTestSimulator();
    const { world } = simulator;
    const before = world.people.get('lin');
    const post = (path: string, body: object) =>
      fetch(`${simulator.origin}/levers${path}`, { method: 'POST', body: JSON.stringify(body) });
    await post('/people', { nickname: '新人' });
    await post('/faults', { kind: 'delay', ms: 1 });
    await post('/settings', { latencyMs: 3 });
    await post('/pay/settings', { keyMode: 'certificate' });
    expect([world.people.all().length, world.settings.latencyMs, world.pay.settings.keyMode]).toEqual([
      4,
      3,
      'certificate',
    ]);
    await post('/reset', {});
    expect(world.people.all().map(({ id }) => id)).toEqual(['lin', 'chen', 'ouyang']);
    expect(world.people.get('lin')).toEqual(before);
    expect([world.faults.all(), world.settings.latencyMs, world.pay.settings.keyMode]).toEqual([[], 0, 'public-key']);
    await simulator.stop();
  });
});

import { generateKeyPair, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeCertificate } from './certificate.ts';
import { miniProgramTemplates, officialAccountTemplates } from './kit-templates.ts';

/** Raised whenever a kept kit no longer has what the simulator needs: an older one is then made anew. */
const KIT_VERSION = 3;
const DAY_MS = 86_400_000;

export interface KeyPair {
  publicKeyPem: string;
  privateKeyPem: string;
}

export interface PlatformCertificate {
  /** 40 upper-case hexadecimal digits. */
  serial: string;
  certificatePem: string;
  privateKeyPem: string;
  /** ISO 8601, UTC. */
  effectiveTime: string;
  expireTime: string;
}

export interface OfficialAccountTemplate {
  templateId: string;
  title: string;
  /** Lines with `{{thing1.DATA}}` places. */
  content: string;
}

export interface MiniProgramTemplate {
  priTmplId: string;
  title: string;
  content: string;
  /** 2: one consent, one message. */
  type: 2;
}

interface AppKit {
  appid: string;
  secret: string;
  originalId: string;
  token: string;
  /** 43 characters: 32 bytes in base64 without the padding. */
  encodingAesKey: string;
  pushMode: 'plain' | 'compatible' | 'safe';
}

/** Everything that a merchant is given by WeChat, and WeChat's own private halves. */
export interface Kit {
  version: number;
  mchid: string;
  merchant: { serial: string; privateKeyPem: string; certificatePem: string };
  /** 32 characters. */
  apiV3Key: string;
  publicKey: KeyPair & { id: string };
  /** Two whose lives overlap, the older first. */
  platformCertificates: [PlatformCertificate, PlatformCertificate];
  officialAccount: AppKit & { templates: OfficialAccountTemplate[] };
  miniProgram: AppKit & { pushFormat: 'json' | 'xml'; templates: MiniProgramTemplate[] };
  /** The third-party platform (第三方平台) of the Open Platform. */
  openPlatform: Pick<AppKit, 'appid' | 'secret' | 'token' | 'encodingAesKey'>;
}

/** Makes a kit: fixed names and secrets that say what they are, and fresh RSA-2048 keys. */
export async function createKit(): Promise<Kit> {
  const [merchant, publicKey, older, newer] = await Promise.all([newKeys(), newKeys(), newKeys(), newKeys()]);
  const mchid = '1900000109';
  return {
    version: KIT_VERSION,
    mchid,
    merchant: newMerchant(mchid, merchant),
    apiV3Key: 'simulatorApiV3Key0123456789abcde',
    publicKey: { id: 'PUB_KEY_ID_0119000001092026010100000000000001', ...publicKey },
    platformCertificates: [newPlatformCertificate(older, -700), newPlatformCertificate(newer, -7)],
    officialAccount: {
      appid: 'wx5100000000000a01',
      secret: 'simulator0official0account0key01',
      originalId: 'gh_simulator0a1',
      token: 'simulatorOfficialToken',
      encodingAesKey: 'simulatorOfficialAccountAesKey0123456789abA',
      pushMode: 'safe',
      templates: officialAccountTemplates(),
    },
    miniProgram: {
      appid: 'wx5100000000000b02',
      secret: 'simulator0mini0program0key000002',
      originalId: 'gh_simulator0b2',
      token: 'simulatorMiniProgramToken',
      encodingAesKey: 'simulatorMiniProgramAesKey0123456789abcdefA',
      pushMode: 'safe',
      pushFormat: 'json',
      templates: miniProgramTemplates(),
    },
    openPlatform: {
      appid: 'wx5100000000000c03',
      secret: 'simulator0open0platform0key00003',
      token: 'simulatorOpenPlatformToken',
      encodingAesKey: 'simulatorOpenPlatformAesKey0123456789abcdeA',
    },
  };
}

/**
 * The kit of a folder, made at the first start and kept there.
 * When several processes make it at once, all of them end up with the same one.
 */
export async function keptKit(folder: string, fileName = 'kit.json'): Promise<Kit> {
  const file = join(folder, fileName);
  const kept = await readKit(file);
  if (kept) return kept;

  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const kit = await createKit();
  await writeFile(draft, JSON.stringify(kit, null, 2), { mode: 0o600 });
  try {
    await link(draft, file);
    return kit;
  } catch {
    const winner = await readKit(file);
    if (winner) return winner;
    // What lies there is of an older version, or no kit at all.
    await rename(draft, file);
    return kit;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readKit(file: string): Promise<Kit | null> {
  try {
    const kit = JSON.parse(await readFile(file, 'utf8')) as Kit;
    return kit.version === KIT_VERSION ? kit : null;
  } catch {
    return null;
  }
}

async function newKeys(): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKeyPem: publicKey, privateKeyPem: privateKey };
}

function newMerchant(mchid: string, { privateKeyPem }: KeyPair): Kit['merchant'] {
  const { serial, certificatePem } = certify(mchid, privateKeyPem, -30);
  return { serial, privateKeyPem, certificatePem };
}

function newPlatformCertificate({ privateKeyPem }: KeyPair, fromDay: number): PlatformCertificate {
  // WeChat Pay documentation 4012551764: subject "Tenpay.com sign".
  const { notBefore, notAfter, ...certificate } = certify('Tenpay.com sign', privateKeyPem, fromDay);
  return {
    ...certificate,
    privateKeyPem,
    effectiveTime: notBefore.toISOString(),
    expireTime: notAfter.toISOString(),
  };
}

function certify(commonName: string, privateKeyPem: string, fromDay: number) {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000 + fromDay * DAY_MS);
  const notAfter = new Date(notBefore.getTime() + 5 * 365 * DAY_MS);
  const serial = `5${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();
  return {
    serial,
    notBefore,
    notAfter,
    certificatePem: writeCertificate({ serial, commonName, privateKeyPem, notBefore, notAfter }),
  };
}

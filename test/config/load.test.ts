import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { ConfigError, loadConfig } from '../../config/index.ts';
import { variables } from '../../config/schema.ts';
import { environmentFor } from '../../scripts/kit.mjs';
import { sharedKit } from '../simulator/support.ts';
// What customers are told is Chinese; it must not colour what is told here.
import '../../src/platform/http/accept.ts';

type Variables = Record<string, string | undefined>;

let folder: string;
let standIn: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-config-'));
  const origin = 'http://127.0.0.1:8701';
  standIn = environmentFor({ kit: await sharedKit(), origin, backupOrigin: 'http://127.0.0.1:8702' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET_KEY = randomBytes(32).toString('hex');
/** A right configuration around what the test cares about. */
const around = (changes: Variables = {}): Variables => ({ ...standIn, SECRET_KEY, ...changes });
/** One that would run in production. */
const production = (changes: Variables = {}): Variables => ({
  ...around(),
  NODE_ENV: 'production',
  PUBLIC_ORIGIN: 'https://desk.example.com',
  DATABASE_URL: 'mysql://tongban:pass-word@db:3306/tongban',
  WECHAT_PAY_ORIGIN: undefined,
  WECHAT_PAY_BACKUP_ORIGIN: undefined,
  WECHAT_API_ORIGIN: undefined,
  WECHAT_OPEN_ORIGIN: undefined,
  WECHAT_SCRIPT_ORIGIN: undefined,
  WECHAT_MP_ORIGIN: undefined,
  WECHAT_PAY_API_V3_KEY: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6',
  OFFICIAL_ACCOUNT_SECRET: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  OFFICIAL_ACCOUNT_PUSH_TOKEN: 'pushTokenOfTheAccount',
  OFFICIAL_ACCOUNT_PUSH_KEY: 'a'.repeat(43),
  MINI_PROGRAM_SECRET: '1f1e2d3c4b5a69788796a5b4c3d2e1f0',
  MINI_PROGRAM_PUSH_TOKEN: 'pushTokenOfTheProgram',
  MINI_PROGRAM_PUSH_KEY: 'b'.repeat(43),
  OPEN_PLATFORM_SECRET: '2f1e2d3c4b5a69788796a5b4c3d2e1f0',
  OPEN_PLATFORM_PUSH_TOKEN: 'pushTokenOfThePlatform',
  OPEN_PLATFORM_PUSH_KEY: 'c'.repeat(43),
  ...changes,
});

function faultsOf(environment: Variables): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toContain(`${error.faults.length} fault`);
    for (const fault of error.faults) expect(error.message).toContain(fault);
    return [...error.faults];
  }
}
const namesOf = (faults: string[]) => faults.map((fault) => fault.split(':')[0]!).toSorted();
const file = (name: string, content: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

describe('Every fault is told at once', () => {
  it('where nothing is configured: what is needed, with what it is for', () => {
    const faults = faultsOf({});
    const needed = Object.entries(variables)
      .filter(([, { shape }]) => !shape.safeParse(undefined).success)
      .map(([name]) => name);
    expect(needed.length).toBeGreaterThan(10);
    expect(namesOf(faults)).toEqual([...needed, 'WECHAT_PAY_USE_CERTIFICATES'].toSorted());
    for (const fault of faults) expect(fault).toMatch(/is missing \(.+\)|without either no answer can be verified/);
  });

  it('where much is wrong', () => {
    const wrong = {
      PORT: '70000',
      PUBLIC_ORIGIN: 'https://desk.example.com/app',
      DATABASE_URL: 'postgres://x@y/z',
      SECRET_KEY: 'short',
      LOG_LEVEL: 'loud',
      WORKER_IN_SERVER: 'maybe',
      WECHAT_PAY_MCHID: '12',
      WECHAT_PAY_MERCHANT_SERIAL: 'abcdef',
      WECHAT_PAY_MERCHANT_KEY: 'not a key',
      OFFICIAL_ACCOUNT_APPID: 'wx',
      OFFICIAL_ACCOUNT_TEMPLATES: 'order-paid',
      MINI_PROGRAM_TEMPLATES: 'order-paid=a,order-paid=b',
      CHASE_AFTER_SECONDS: '15,soon',
      SESSION_DAYS: '0',
      JOB_POLL_MS: '1.5',
    };
    const faults = faultsOf(around(wrong));
    expect(namesOf(faults)).toEqual(Object.keys(wrong).toSorted());
    for (const fault of faults) expect(fault).not.toMatch(/\p{Script=Han}/u);
  });

  it('and once: a rule about a variable that cannot be read is not told too', () => {
    const faults = faultsOf(production({ PUBLIC_ORIGIN: 'desk', DATABASE_URL: 'mysql://db', SECRET_KEY: '1' }));
    expect(namesOf(faults)).toEqual(['DATABASE_URL', 'PUBLIC_ORIGIN', 'SECRET_KEY']);
  });

  it('without one value', () => {
    const canary = 'canary-5f3a';
    const asValues = Object.fromEntries(Object.keys(variables).map((name) => [name, `${canary}-${name}`]));
    const asOrigins = Object.fromEntries(Object.keys(variables).map((name) => [name, `https://${canary}.example`]));
    const files = Object.fromEntries(
      Object.keys(variables).map((name) => [`${name}_FILE`, file(`${name}-canary`, `${canary}-inside`)]),
    );
    for (const environment of [asValues, asOrigins, files, production({ ...asOrigins, NODE_ENV: 'production' })]) {
      const faults = faultsOf(environment);
      expect(faults.length).toBeGreaterThan(10);
      expect(faults.join('\n')).not.toContain(canary);
    }
  });
});

describe('A value from a file', () => {
  it('is read, without the line end that editors leave', () => {
    const config = loadConfig(around({ SECRET_KEY: undefined, SECRET_KEY_FILE: file('key', `${SECRET_KEY}\n`) }));
    expect(config.SECRET_KEY).toBe(SECRET_KEY);
    const windows = loadConfig(around({ SECRET_KEY: undefined, SECRET_KEY_FILE: file('key2', `${SECRET_KEY}\r\n`) }));
    expect(windows.SECRET_KEY).toBe(SECRET_KEY);
  });

  it('keeps the lines of a key', () => {
    const pem = standIn.WECHAT_PAY_MERCHANT_KEY!;
    const config = loadConfig(
      around({ WECHAT_PAY_MERCHANT_KEY: undefined, WECHAT_PAY_MERCHANT_KEY_FILE: file('pem', `${pem}\n`) }),
    );
    expect(config.WECHAT_PAY_MERCHANT_KEY).toBe(pem);
  });

  it.each([
    ['there is no file', () => path.join(folder, 'nothing'), 'SECRET_KEY_FILE'],
    ['it is a folder', () => folder, 'SECRET_KEY_FILE'],
  ])('is a fault when %s', (_what, place, name) => {
    const faults = faultsOf(around({ SECRET_KEY: undefined, SECRET_KEY_FILE: place() }));
    expect(namesOf(faults)).toContain(name);
    expect(faults.join()).not.toContain(folder);
  });

  it('is missing when the file is empty', () => {
    expect(faultsOf(around({ SECRET_KEY: undefined, SECRET_KEY_FILE: file('empty', '\n') }))).toEqual([
      expect.stringMatching(/^SECRET_KEY: is missing/),
    ]);
  });

  it('is a fault beside one that is given plainly', () => {
    const both = faultsOf(around({ SECRET_KEY_FILE: file('both', SECRET_KEY) }));
    expect(both).toEqual(['SECRET_KEY: set either SECRET_KEY or SECRET_KEY_FILE, not both']);
  });
});

describe('What is not given', () => {
  it('has a value that a first start can live with', () => {
    expect(
      loadConfig({ ...production(), NODE_ENV: undefined, PUBLIC_ORIGIN: undefined, DATABASE_URL: '' }),
    ).toMatchObject({
      NODE_ENV: 'development',
      isProduction: false,
      HOST: '127.0.0.1',
      PORT: 8700,
      PUBLIC_ORIGIN: 'http://127.0.0.1:8700',
      DATABASE_URL: undefined,
      DATA_FOLDER: './data',
      WORKER_IN_SERVER: true,
      TRUSTED_PROXIES: 0,
      WECHAT_PAY_ORIGIN: 'https://api.mch.weixin.qq.com',
      WECHAT_PAY_BACKUP_ORIGIN: 'https://api2.mch.weixin.qq.com',
      WECHAT_API_ORIGIN: 'https://api.weixin.qq.com',
      WECHAT_OPEN_ORIGIN: 'https://open.weixin.qq.com',
      WECHAT_SCRIPT_ORIGIN: 'https://res.wx.qq.com',
      OFFICIAL_ACCOUNT_PUSH_MODE: 'safe',
      MINI_PROGRAM_PUSH_MODE: 'safe',
      UNPAID_ORDER_MINUTES: 1440,
      CHASE_AFTER_SECONDS: [15, 60, 300, 600, 1800, 3600],
      SESSION_DAYS: 30,
    });
  });

  it('and what is given empty are the same', () => {
    expect(loadConfig(around({ PORT: '', LOG_LEVEL: '', METRICS_TOKEN: '' }))).toEqual(loadConfig(around()));
  });

  it('may be the templates; given, each message has one', () => {
    expect(loadConfig(around({ MINI_PROGRAM_TEMPLATES: '' })).MINI_PROGRAM_TEMPLATES).toEqual({});
    const pairs = loadConfig(around({ MINI_PROGRAM_TEMPLATES: 'order-paid=AbC_1-x, other=Y' })).MINI_PROGRAM_TEMPLATES;
    expect(pairs).toEqual({ 'order-paid': 'AbC_1-x', other: 'Y' });
  });
});

describe('The keys of WeChat Pay', () => {
  it('are a public key, or certificates, or both; not neither', () => {
    const none = { WECHAT_PAY_PUBLIC_KEY: undefined, WECHAT_PAY_PUBLIC_KEY_ID: undefined };
    expect(namesOf(faultsOf(around(none)))).toEqual(['WECHAT_PAY_USE_CERTIFICATES']);
    expect(faultsOf(around({ ...none, WECHAT_PAY_USE_CERTIFICATES: 'true' }))).toEqual([]);
    expect(faultsOf(around({ WECHAT_PAY_USE_CERTIFICATES: 'true' }))).toEqual([]);
  });

  it('have their id with them', () => {
    expect(namesOf(faultsOf(around({ WECHAT_PAY_PUBLIC_KEY_ID: undefined })))).toEqual(['WECHAT_PAY_PUBLIC_KEY']);
  });
});

describe('Invoices that WeChat issues', () => {
  const needed = ['FAPIAO_CARD_LOGO_URL', 'FAPIAO_TAX_CODE', 'FAPIAO_TAX_RATE'];

  it('need what is written on them; by hand nothing is needed', () => {
    const none = Object.fromEntries(needed.map((name) => [name, undefined]));
    expect(namesOf(faultsOf(around({ ...none, FAPIAO: 'wechat' })))).toEqual(needed);
    expect(loadConfig(around({ ...none, FAPIAO: undefined })).FAPIAO).toBe('manual');
  });

  it('have a tax code of 19 digits', () => {
    expect(namesOf(faultsOf(around({ FAPIAO_TAX_CODE: '3010101020' })))).toEqual(['FAPIAO_TAX_CODE']);
  });
});

describe('The third-party platform', () => {
  const all = ['APPID', 'PUSH_KEY', 'PUSH_TOKEN', 'SECRET'].map((name) => `OPEN_PLATFORM_${name}`);

  it('is there, or is not', () => {
    expect(loadConfig(around()).OPEN_PLATFORM_APPID).toMatch(/^wx/);
    const none = Object.fromEntries(all.map((name) => [name, undefined]));
    expect(loadConfig(around(none)).OPEN_PLATFORM_APPID).toBeUndefined();
  });

  it.each(all)('is nothing without %s', (name) => {
    expect(namesOf(faultsOf(around({ [name]: undefined })))).toEqual([name]);
  });
});

describe('Production', () => {
  it('runs with what is WeChat’s and its own', () => {
    expect(faultsOf(production())).toEqual([]);
    expect(loadConfig(production()).isProduction).toBe(true);
  });

  it.each([
    ['WECHAT_PAY_ORIGIN', 'http://127.0.0.1:8701'],
    ['WECHAT_PAY_ORIGIN', 'https://api.mch.weixin.qq.com.evil.example'],
    ['WECHAT_PAY_ORIGIN', 'http://api.mch.weixin.qq.com'],
    ['WECHAT_PAY_ORIGIN', 'https://api.weixin.qq.com'],
    ['WECHAT_PAY_BACKUP_ORIGIN', 'https://evil.example'],
    ['WECHAT_API_ORIGIN', 'https://api.mch.weixin.qq.com'],
    ['WECHAT_OPEN_ORIGIN', 'https://open.weixin.qq.com:444'],
    ['WECHAT_MP_ORIGIN', 'https://open.weixin.qq.com'],
    ['WECHAT_SCRIPT_ORIGIN', 'https://cdn.example'],
  ])('speaks to nobody else: %s=%s', (name, value) => {
    expect(namesOf(faultsOf(production({ [name]: value })))).toEqual([name]);
  });

  it('takes no secret of the stand-in', () => {
    const secrets = [
      'WECHAT_PAY_API_V3_KEY',
      'OFFICIAL_ACCOUNT_SECRET',
      'OFFICIAL_ACCOUNT_PUSH_TOKEN',
      'OFFICIAL_ACCOUNT_PUSH_KEY',
      'MINI_PROGRAM_SECRET',
      'MINI_PROGRAM_PUSH_TOKEN',
      'MINI_PROGRAM_PUSH_KEY',
      'OPEN_PLATFORM_SECRET',
      'OPEN_PLATFORM_PUSH_TOKEN',
      'OPEN_PLATFORM_PUSH_KEY',
    ];
    const given = Object.fromEntries(secrets.map((name) => [name, standIn[name]]));
    expect(namesOf(faultsOf(production(given)))).toEqual(secrets.toSorted());
  });

  it.each(['0'.repeat(64), '5a'.repeat(32), '0123456789abcdef'.repeat(4)])(
    'takes no key that somebody typed: %s',
    (key) => {
      expect(namesOf(faultsOf(production({ SECRET_KEY: key })))).toEqual(['SECRET_KEY']);
      expect(faultsOf(around({ SECRET_KEY: key }))).toEqual([]);
    },
  );

  it('takes every random key', () => {
    for (let n = 0; n < 200; n += 1)
      expect(faultsOf(production({ SECRET_KEY: randomBytes(32).toString('hex') }))).toEqual([]);
  });

  it('wants HTTPS, and a database for many unless told otherwise', () => {
    expect(namesOf(faultsOf(production({ PUBLIC_ORIGIN: 'http://desk.example.com' })))).toEqual(['PUBLIC_ORIGIN']);
    expect(namesOf(faultsOf(production({ PUBLIC_ORIGIN: undefined })))).toEqual(['PUBLIC_ORIGIN']);
    expect(namesOf(faultsOf(production({ DATABASE_URL: undefined })))).toEqual(['DATABASE_URL']);
    expect(faultsOf(production({ DATABASE_URL: undefined, ALLOW_EMBEDDED_DATABASE: 'true' }))).toEqual([]);
  });

  it('tells all of it at once', () => {
    expect(faultsOf({ ...around({ SECRET_KEY: '5a'.repeat(32) }), NODE_ENV: 'production' }).length).toBeGreaterThan(13);
  });
});

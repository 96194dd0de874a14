import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
// `abort`: what comes after reads the value as an address, and would fail on one that is none.
const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((value) => new URL(value).origin === value, 'must be an origin: scheme, host and port, nothing behind');
const flag = z.stringbool();
const pem = z.string().includes('-----BEGIN ', { error: 'must be PEM text' });
const seconds = z.coerce.number().int().min(1);
const appid = z.string().regex(/^wx[0-9a-f]{16}$/, 'must be an appid: wx and 16 hex characters');

/** `name=id,name=id` → a map; which WeChat template serves which of our messages. */
const templateIds = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  if (text.trim() === '') return {};
  if (pairs.some((pair) => pair.length !== 2 || !pair[0] || !pair[1])) {
    context.addIssue({ code: 'custom', message: 'must look like order-paid=TEMPLATE_ID,other=TEMPLATE_ID' });
    return z.NEVER;
  }
  const names = pairs.map(([name]) => name);
  if (new Set(names).size < names.length) {
    context.addIssue({ code: 'custom', message: 'names a message twice' });
    return z.NEVER;
  }
  return Object.fromEntries(pairs) as Record<string, string>;
});

/** `21:30-08:00` in Shanghai → minutes of the day; `none` for no such hours. */
const hours = z
  .string()
  .regex(/^(none|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/, 'must look like 21:30-08:00, or none')
  .transform((text) => {
    if (text === 'none') return null;
    const [from = 0, until = 0] = text.split('-').map((clock) => {
      const [hour = 0, minute = 0] = clock.split(':').map(Number);
      return hour * 60 + minute;
    });
    return { from, until };
  });

/** Hosts, separated by commas. */
const hosts = z.string().transform((text) =>
  text
    .split(',')
    .map((host) => host.trim())
    .filter(Boolean),
);

const secondsList = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .refine(
    (list) => list.length > 0 && list.every((value) => Number.isFinite(value) && value > 0),
    'must be seconds, separated by commas',
  );

/**
 * Everything that can be configured, one variable a line. The description is printed by the documentation and by a failing start.
 * `secret` marks what may come from a file (`NAME_FILE`) and is never printed.
 */
export const variables = {
  NODE_ENV: {
    shape: z.enum(['development', 'test', 'production']).default('development'),
    about: 'production refuses stand-ins and default secrets',
  },
  HOST: { shape: z.string().min(1).default('127.0.0.1'), about: 'address to listen on' },
  PORT: { shape: port.default(8700), about: 'port of the server; 0 takes a free one' },
  PUBLIC_ORIGIN: {
    shape: origin.optional(),
    about: 'how customers and WeChat reach the server, for example https://desk.example.com; default http://HOST:PORT',
  },
  DATA_FOLDER: { shape: z.string().min(1).default('./data'), about: 'folder of the embedded database and of files' },
  DATABASE_URL: {
    shape: z
      .url({ protocol: /^(mysql|mariadb)$/, abort: true })
      .refine((url) => new URL(url).pathname.length > 1, 'must name the database behind the host')
      .optional(),
    about: 'mysql://user:password@host:3306/name; absent: the embedded database',
    secret: true,
  },
  DATABASE_POOL: {
    shape: z.coerce.number().int().min(1).max(200).default(16),
    about: 'connections to MySQL or MariaDB',
  },
  ALLOW_EMBEDDED_DATABASE: { shape: flag.default(false), about: 'lets production run on the embedded database' },
  REDIS_URL: {
    shape: z.url({ protocol: /^rediss?$/ }).optional(),
    about:
      'redis://host:6379: BullMQ carries jobs to any number of workers; absent: they are looked for in the database',
    secret: true,
  },
  SECRET_KEY: {
    shape: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex characters'),
    about: 'encrypts personal data at rest and signs links; 32 random bytes in hex',
    secret: true,
  },
  LOG_LEVEL: {
    shape: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    about: 'least level that is logged',
  },
  WORKER_IN_SERVER: { shape: flag.default(true), about: 'run jobs and the clock in the server process' },
  TRUSTED_PROXIES: {
    shape: z.coerce.number().int().min(0).max(5).default(0),
    about: 'reverse proxies in front of the server, for the caller’s address',
  },
  FRAME_ANCESTORS: {
    shape: z.string().default(''),
    about: 'origins that may show the customer page in a frame, separated by spaces',
  },
  METRICS_TOKEN: {
    shape: z.string().min(16).optional(),
    about: 'bearer token for /metrics; absent: only this machine may read it',
    secret: true,
  },
  RATE_LIMIT_PER_MINUTE: {
    shape: z.coerce.number().int().min(1).default(240),
    about: 'requests a minute from one address at the customer door, and as many at the staff door',
  },

  WECHAT_PAY_ORIGIN: { shape: origin.default('https://api.mch.weixin.qq.com'), about: 'WeChat Pay, first domain' },
  WECHAT_PAY_BACKUP_ORIGIN: {
    shape: origin.default('https://api2.mch.weixin.qq.com'),
    about: 'WeChat Pay, second domain',
  },
  WECHAT_API_ORIGIN: {
    shape: origin.default('https://api.weixin.qq.com'),
    about: 'official-account and mini-program interfaces',
  },
  WECHAT_OPEN_ORIGIN: { shape: origin.default('https://open.weixin.qq.com'), about: 'web authorisation page' },
  WECHAT_MP_ORIGIN: {
    shape: origin.default('https://mp.weixin.qq.com'),
    about: 'page on which account owners authorise the third-party platform from a desktop browser',
  },
  WECHAT_SCRIPT_ORIGIN: {
    shape: origin.default('https://res.wx.qq.com'),
    about: 'where web pages load the JS-SDK from',
  },
  WECHAT_PAY_CONNECT_TIMEOUT_MS: {
    shape: z.coerce.number().int().min(100).default(5000),
    about: 'connecting to WeChat Pay, ms',
  },
  WECHAT_PAY_TIMEOUT_MS: {
    shape: z.coerce.number().int().min(100).default(15000),
    about: 'one call to WeChat Pay, ms',
  },
  WECHAT_API_TIMEOUT_MS: {
    shape: z.coerce.number().int().min(100).default(10000),
    about: 'one call to the official-account or mini-program interfaces, ms',
  },

  WECHAT_PAY_MCHID: { shape: z.string().regex(/^\d{8,10}$/, 'must be 8 to 10 digits'), about: 'merchant number' },
  WECHAT_PAY_MERCHANT_SERIAL: {
    shape: z.string().regex(/^[0-9A-F]{40}$/, 'must be 40 hex characters in capitals'),
    about: 'serial number of the merchant certificate',
  },
  WECHAT_PAY_MERCHANT_KEY: { shape: pem, about: 'apiclient_key.pem', secret: true },
  WECHAT_PAY_MERCHANT_CERTIFICATE: { shape: pem, about: 'apiclient_cert.pem' },
  WECHAT_PAY_API_V3_KEY: {
    shape: z.string().regex(/^[0-9A-Za-z]{32}$/, 'must be 32 letters and digits'),
    about: 'opens notices',
    secret: true,
  },
  WECHAT_PAY_PUBLIC_KEY_ID: {
    shape: z
      .string()
      .regex(/^PUB_KEY_ID_\d+$/)
      .optional(),
    about: 'public-key mode: id of the WeChat Pay public key',
  },
  WECHAT_PAY_PUBLIC_KEY: { shape: pem.optional(), about: 'public-key mode: pub_key.pem' },
  WECHAT_PAY_USE_CERTIFICATES: {
    shape: flag.default(false),
    about: 'certificate mode, or both during a switch: fetch platform certificates',
  },

  OFFICIAL_ACCOUNT_APPID: { shape: appid, about: 'service account: appid' },
  OFFICIAL_ACCOUNT_SECRET: { shape: z.string().min(16), about: 'service account: AppSecret', secret: true },
  OFFICIAL_ACCOUNT_ORIGINAL_ID: {
    shape: z.string().regex(/^gh_[0-9a-z]+$/),
    about: 'service account: original id, gh_…',
  },
  OFFICIAL_ACCOUNT_PUSH_TOKEN: {
    shape: z.string().min(3).max(32),
    about: 'service account: token of the server URL',
    secret: true,
  },
  OFFICIAL_ACCOUNT_PUSH_KEY: {
    shape: z.string().regex(/^[A-Za-z0-9]{43}$/),
    about: 'service account: EncodingAESKey',
    secret: true,
  },
  OFFICIAL_ACCOUNT_PUSH_MODE: {
    shape: z.enum(['plain', 'compatible', 'safe']).default('safe'),
    about: 'service account: how pushes are sealed',
  },
  OFFICIAL_ACCOUNT_TEMPLATES: { shape: templateIds.prefault(''), about: 'service account: message=template id pairs' },
  OFFICIAL_ACCOUNT_NAME: {
    shape: z.string().max(30).default('通办服务号'),
    about: 'service account: the name that customers search for to follow',
  },
  MINI_PROGRAM_APPID: { shape: appid, about: 'mini-program: appid' },
  MINI_PROGRAM_SECRET: { shape: z.string().min(16), about: 'mini-program: AppSecret', secret: true },
  MINI_PROGRAM_ORIGINAL_ID: { shape: z.string().regex(/^gh_[0-9a-z]+$/), about: 'mini-program: original id, gh_…' },
  MINI_PROGRAM_PUSH_TOKEN: {
    shape: z.string().min(3).max(32),
    about: 'mini-program: token of the push URL',
    secret: true,
  },
  MINI_PROGRAM_PUSH_KEY: {
    shape: z.string().regex(/^[A-Za-z0-9]{43}$/),
    about: 'mini-program: EncodingAESKey',
    secret: true,
  },
  MINI_PROGRAM_PUSH_MODE: {
    shape: z.enum(['plain', 'compatible', 'safe']).default('safe'),
    about: 'mini-program: how pushes are sealed',
  },
  MINI_PROGRAM_TEMPLATES: { shape: templateIds.prefault(''), about: 'mini-program: message=template id pairs' },

  OPEN_PLATFORM_APPID: {
    shape: appid.optional(),
    about: 'third-party platform (第三方平台): appid; absent: customers’ accounts are known by what staff enter',
  },
  OPEN_PLATFORM_SECRET: {
    shape: z.string().min(16).optional(),
    about: 'third-party platform: AppSecret',
    secret: true,
  },
  OPEN_PLATFORM_PUSH_TOKEN: {
    shape: z.string().min(3).max(32).optional(),
    about: 'third-party platform: token of both push URLs',
    secret: true,
  },
  OPEN_PLATFORM_PUSH_KEY: {
    shape: z
      .string()
      .regex(/^[A-Za-z0-9]{43}$/)
      .optional(),
    about: 'third-party platform: key that pushes are sealed with (EncodingAESKey)',
    secret: true,
  },

  SESSION_DAYS: {
    shape: z.coerce.number().int().min(1).max(365).default(30),
    about: 'a customer session ends after so many days without use',
  },
  STAFF_SESSION_IDLE_MINUTES: {
    shape: z.coerce.number().int().min(5).max(1440).default(60),
    about: 'a staff session ends after so many minutes without use',
  },
  STAFF_SESSION_HOURS: {
    shape: z.coerce.number().int().min(1).max(168).default(12),
    about: 'a staff session ends after so many hours, however much it is used',
  },
  STAFF_SIGN_IN_LIMIT_PER_MINUTE: {
    shape: z.coerce.number().int().min(1).default(20),
    about: 'attempts a minute from one address to sign in as staff',
  },
  UNPAID_ORDER_MINUTES: {
    shape: z.coerce.number().int().min(5).max(10080).default(1440),
    about: 'an unpaid order is closed after so many minutes',
  },
  CHASE_AFTER_SECONDS: {
    shape: secondsList.prefault('15,60,300,600,1800,3600'),
    about: 'when a silent payment is asked about, seconds after its start',
  },
  OFFICIAL_ACCOUNT_DAY_LIMIT: {
    shape: z.coerce.number().int().min(1).default(100_000),
    about: 'template messages that WeChat lets the service account send a Beijing day; the console shows the number',
  },
  MINI_PROGRAM_DAY_LIMIT: {
    shape: z.coerce.number().int().min(1).default(10_000_000),
    about: 'subscribe messages that WeChat lets the mini-program send a Beijing day',
  },
  SENDS_PER_SECOND: {
    shape: z.coerce.number().int().min(1).max(20_000).default(200),
    about: 'messages of campaigns a second by the service account, of all workers together',
  },
  CAMPAIGN_IN_FLIGHT: {
    shape: z.coerce.number().int().min(1).max(1000).default(64),
    about: 'messages of a campaign that one lane has under way at once',
  },
  CAMPAIGN_LANES: {
    shape: z.coerce.number().int().min(1).max(32).default(2),
    about: 'how many jobs, on any number of workers, send one campaign at once',
  },
  CAMPAIGN_SECOND_PERSON_ABOVE: {
    shape: z.coerce.number().int().min(0).default(200),
    about: 'a campaign to more people than this is released by a second person',
  },
  REFUND_LIMIT_SUPERVISOR_FEN: {
    shape: z.coerce.number().int().min(0).default(500_000),
    about: 'the largest refund, in fen, that a supervisor may approve',
  },
  DISPUTED_REFUND_AFTER_HOURS: {
    shape: z.coerce.number().int().min(0).max(8760).default(24),
    about: 'hours after which late and double payments go back by themselves; 0: never',
  },
  REFUND_LIMIT_FINANCE_FEN: {
    shape: z.coerce.number().int().min(0).default(10_000_000),
    about: 'the largest refund, in fen, that finance may approve',
  },
  WECHAT_PAY_FEE_RATE: {
    shape: z.coerce.number().int().min(0).max(10_000).default(60),
    about: 'what WeChat Pay takes of a payment by contract, parts of ten thousand: 60 is 0.60 %',
  },
  BILLS_ALARM_AFTER_DAYS: {
    shape: z.coerce.number().int().min(1).max(80).default(3),
    about: 'days after which a bill that is still missing becomes a task',
  },
  SHIPPING_DEADLINE_HOURS: {
    shape: z.coerce.number().int().min(1).max(8760).default(48),
    about: 'hours after a payment in the mini-program within which WeChat wants to know of its delivery',
  },
  SHIPPING_WARN_HOURS: {
    shape: z.coerce.number().int().min(0).max(8760).default(12),
    about: 'hours before that deadline from which a delivery that is not uploaded counts as late',
  },
  COMPLAINTS: {
    shape: z.enum(['off', 'pull', 'notices']).default('pull'),
    about:
      'consumer complaints at WeChat Pay. pull: asked for every half hour; notices: our address is registered there as well, in the place of any other; off: neither',
  },
  COMPLAINT_ANSWER_HOURS: {
    shape: z.coerce.number().int().min(1).max(720).default(24),
    about: 'hours from a complaint to its first answer; WeChat wants 24',
  },
  COMPLAINT_COMPLETE_HOURS: {
    shape: z.coerce.number().int().min(1).max(720).default(72),
    about: 'hours from a complaint to its end; WeChat wants 72',
  },
  FAPIAO: {
    shape: z.enum(['manual', 'wechat']).default('manual'),
    about:
      'how finance issues invoices. manual: elsewhere, and the file is uploaded; wechat: ordinary ones for a single payment by WeChat Pay as well, when finance says so; our address and our card are registered there then, in the place of any other',
  },
  FAPIAO_TAX_CODE: {
    shape: z
      .string()
      .regex(/^\d{19}$/, 'must be 19 digits')
      .optional(),
    about: 'what WeChat writes into the row of an invoice: 税收分类编码, as set up in the merchant portal',
  },
  FAPIAO_TAX_RATE: {
    shape: z.coerce.number().int().min(0).max(10_000).optional(),
    about: 'the rate of VAT in that row, ten-thousandths: 600 is 6 %',
  },
  FAPIAO_GOODS: {
    shape: z.string().trim().min(1).max(90).default('咨询服务费'),
    about: 'what that row calls the service',
  },
  FAPIAO_CARD_LOGO_URL: {
    shape: z
      .url({ protocol: /^https?$/ })
      .max(1024)
      .optional(),
    about:
      'the logo of invoices in card packs: an address that WeChat gave for permanent material of the service account',
  },
  QUIET_HOURS: {
    shape: hours.prefault('21:30-08:00'),
    about: 'hours of Shanghai in which no campaign sends; none for no such hours',
  },
  LINK_HOSTS: {
    shape: hosts.prefault(''),
    about: 'hosts that a campaign may link to beside our own, separated by commas',
  },
  JOB_POLL_MS: { shape: z.coerce.number().int().min(20).default(1000), about: 'how often due jobs are looked for, ms' },
  JOB_LEASE_SECONDS: { shape: seconds.default(60), about: 'how long a job belongs to the worker that took it' },
} satisfies Record<string, { shape: z.ZodType; about: string; secret?: true }>;

export type VariableName = keyof typeof variables;

/** What the environment says, checked and typed. */
export type Environment = { [Name in VariableName]: z.output<(typeof variables)[Name]['shape']> };

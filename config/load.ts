import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Environment, type VariableName, variables } from './schema.ts';

/** The whole configuration: what the environment says, and what follows from it. */
export type Config = Environment & { PUBLIC_ORIGIN: string; isProduction: boolean };

/** Every fault of the configuration at once; the message never shows a value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

/** Origins that are WeChat's own; production speaks to no other. */
const WECHAT_ORIGINS: Partial<Record<VariableName, readonly string[]>> = {
  WECHAT_PAY_ORIGIN: ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
  WECHAT_PAY_BACKUP_ORIGIN: ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
  WECHAT_API_ORIGIN: [
    'https://api.weixin.qq.com',
    'https://api2.weixin.qq.com',
    'https://sh.api.weixin.qq.com',
    'https://sz.api.weixin.qq.com',
  ],
  WECHAT_OPEN_ORIGIN: ['https://open.weixin.qq.com'],
  WECHAT_MP_ORIGIN: ['https://mp.weixin.qq.com'],
  WECHAT_SCRIPT_ORIGIN: ['https://res.wx.qq.com', 'https://res2.wx.qq.com'],
};

/** All of them, or none. */
const OPEN_PLATFORM = [
  'OPEN_PLATFORM_APPID',
  'OPEN_PLATFORM_SECRET',
  'OPEN_PLATFORM_PUSH_TOKEN',
  'OPEN_PLATFORM_PUSH_KEY',
] as const;

/** Whoever runs the server reads English here, whatever language customers are told their faults in. */
const inEnglish = { error: z.locales.en().localeError };

/** 32 random bytes have nearly all different values; a key that somebody typed has few. */
const LEAST_DIFFERENT_BYTES = 16;

/** The stand-in WeChat marks every secret it hands out with this word. */
const STAND_IN_MARK = /simulator/i;

/**
 * Reads and checks the configuration. `NAME_FILE` names a file that holds a secret; one newline at its end is cut; an empty
 * variable counts as absent.
 * @throws {ConfigError} listing every fault at once
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const faults: string[] = [];
  const read = readVariables(environment, Object.keys(variables) as VariableName[], faults);
  const config: Config = {
    ...read,
    PUBLIC_ORIGIN: read.PUBLIC_ORIGIN ?? `http://${read.HOST}:${read.PORT}`,
    isProduction: read.NODE_ENV === 'production',
  };
  const rules = [...faultsBetween(config), ...(config.isProduction ? faultsInProduction(config) : [])];
  // A variable that cannot be read is told once; rules about it would only repeat that.
  const unread = new Set(faults.map(variableOf));
  faults.push(...rules.filter((fault) => !unread.has(variableOf(fault))));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/**
 * The same for the few variables that a command needs.
 * @throws {ConfigError} listing every fault of theirs at once
 */
export function loadPart<Name extends VariableName>(
  environment: Record<string, string | undefined>,
  names: readonly Name[],
): Pick<Environment, Name> {
  const faults: string[] = [];
  const read = readVariables(environment, names, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return read;
}

function readVariables<Name extends VariableName>(
  environment: Record<string, string | undefined>,
  names: readonly Name[],
  faults: string[],
): Pick<Environment, Name> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const text = readVariable(environment, name, faults);
    const parsed = variables[name].shape.safeParse(text, inEnglish);
    if (parsed.success) found[name] = parsed.data;
    else
      faults.push(
        `${name}: ${text === undefined ? 'is missing' : parsed.error.issues.map((issue) => issue.message).join('; ')} (${variables[name].about})`,
      );
  }
  return found as Pick<Environment, Name>;
}

const variableOf = (fault: string): string => fault.slice(0, fault.indexOf(':')).replace(/_FILE$/, '');

function readVariable(
  environment: Record<string, string | undefined>,
  name: VariableName,
  faults: string[],
): string | undefined {
  const plain = environment[name] || undefined;
  const file = environment[`${name}_FILE`] || undefined;
  if (plain === undefined && file === undefined) return undefined;
  if (file === undefined) return plain;
  if (plain !== undefined) {
    faults.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    return plain;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch {
    faults.push(`${name}_FILE: the file cannot be read`);
    return undefined;
  }
}

function faultsBetween(config: Config): string[] {
  const faults: string[] = [];
  if (!!config.WECHAT_PAY_PUBLIC_KEY_ID !== !!config.WECHAT_PAY_PUBLIC_KEY) {
    faults.push('WECHAT_PAY_PUBLIC_KEY: WECHAT_PAY_PUBLIC_KEY_ID and WECHAT_PAY_PUBLIC_KEY go together');
  }
  if (!config.WECHAT_PAY_PUBLIC_KEY && !config.WECHAT_PAY_USE_CERTIFICATES) {
    faults.push(
      'WECHAT_PAY_USE_CERTIFICATES: give the WeChat Pay public key, or set this to true; without either no answer can be verified',
    );
  }
  if (OPEN_PLATFORM.some((name) => config[name] !== undefined)) {
    for (const name of OPEN_PLATFORM.filter((each) => config[each] === undefined))
      faults.push(`${name}: the settings of the third-party platform go together (${variables[name].about})`);
  }
  if (config.FAPIAO === 'wechat') {
    for (const name of ['FAPIAO_TAX_CODE', 'FAPIAO_TAX_RATE', 'FAPIAO_CARD_LOGO_URL'] as const)
      if (config[name] === undefined) faults.push(`${name}: goes with FAPIAO=wechat (${variables[name].about})`);
  }
  return faults;
}

/** Whether payments go to WeChat Pay itself and not to a stand-in. */
export const speaksToWechat = ({ WECHAT_PAY_ORIGIN }: Pick<Config, 'WECHAT_PAY_ORIGIN'>): boolean =>
  WECHAT_ORIGINS.WECHAT_PAY_ORIGIN?.includes(WECHAT_PAY_ORIGIN) === true;

/** What production would refuse to start with; each begins with the variable's name and shows no value. */
export function faultsInProduction(config: Config): string[] {
  const faults: string[] = [];
  for (const [name, allowed] of Object.entries(WECHAT_ORIGINS) as [VariableName, readonly string[]][]) {
    if (!allowed.includes(config[name] as string))
      faults.push(`${name}: production speaks to WeChat only (${allowed.join(', ')})`);
  }
  for (const name of Object.keys(variables) as VariableName[]) {
    if ('secret' in variables[name] && STAND_IN_MARK.test((config[name] as string | undefined) ?? ''))
      faults.push(`${name}: is a secret of the stand-in WeChat`);
  }
  const key = Buffer.from(config.SECRET_KEY ?? '', 'hex');
  if (new Set(key).size < LEAST_DIFFERENT_BYTES) faults.push('SECRET_KEY: is a default secret; take 32 random bytes');
  if (!config.PUBLIC_ORIGIN.startsWith('https://'))
    faults.push('PUBLIC_ORIGIN: must begin with https:// in production');
  if (!config.DATABASE_URL && !config.ALLOW_EMBEDDED_DATABASE) {
    faults.push(
      'DATABASE_URL: production wants MySQL or MariaDB; set ALLOW_EMBEDDED_DATABASE=true to run on the embedded database',
    );
  }
  return faults;
}

import type { Found, Result } from './rule.ts';
import { type Mode, modes, modeOf, type Site } from './site.ts';

/** What was found on one day of one installation. */
export interface Report {
  title: string;
  version: string;
  madeAt: string;
  madeBy: string;
  mode: Mode;
  modeWords: string;
  /** Masked in the middle. */
  merchant: string;
  server: string;
  database: string;
  counts: Record<Result, number>;
  findings: readonly Found[];
}

const DATABASES = { embedded: '内置数据库（SQLite）', mysql: 'MySQL / MariaDB' } as const;

export function makeReport(site: Site, findings: readonly Found[], madeBy: string): Report {
  const count = (result: Result) => findings.filter((finding) => finding.result === result).length;
  const mode = modeOf(site);
  return {
    title: '通办 Tongban 微信支付验收自检报告',
    version: site.version,
    madeAt: site.desk.now().toISOString(),
    madeBy,
    mode,
    modeWords: modes[mode],
    merchant: maskMiddle(site.config.WECHAT_PAY_MCHID),
    server: site.server,
    database: DATABASES[site.database.kind],
    counts: {
      passed: count('passed'),
      failed: count('failed'),
      not_applicable: count('not_applicable'),
      cannot_tell: count('cannot_tell'),
    },
    findings,
  };
}

/** 1900000109 → 190****109. */
const maskMiddle = (number: string): string =>
  `${number.slice(0, 3)}${'*'.repeat(number.length - 6)}${number.slice(-3)}`;

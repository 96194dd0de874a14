import { LeverError } from './errors.ts';

/** Faults of the way: the HTTP layer makes them on every path. */
const TRANSPORT = [
  'delay',
  'delay-after-effect',
  'reset-before',
  'reset-after-effect',
  'html-502',
  'truncated-body',
  'text-plain',
] as const;
const PAY = [
  'sign-test',
  'unknown-serial',
  'timestamp-off',
  'unsigned',
  'wrong-body-signature',
  'error-before',
  'error-after-effect',
  'rate-limited',
] as const;
/** They hit the application for a bill, and with it the file that its token opens. */
const BILL = [
  'bill-late',
  'bill-empty',
  'bill-wrong-hash',
  'bill-foreign-token',
  'bill-cut',
  'bill-no-bom',
  'bill-wrong-sum',
  'bill-missing-column',
  'bill-extra-column',
  'bill-older-layout',
  'bill-long-line',
  'bill-foreign-merchant',
] as const;
/** They hit the download of a fapiao's file. */
const FAPIAO = ['fapiao-wrong-digest', 'fapiao-cut'] as const;
const PLATFORM = [
  'busy',
  'daily-quota',
  'minute-quota',
  'token-invalid-once',
  'token-expired-once',
  'ip-not-whitelisted',
  'unknown-code',
  'number-string-flip',
  'code',
] as const;

export type FaultKind = (typeof TRANSPORT | typeof PAY | typeof BILL | typeof FAPIAO | typeof PLATFORM)[number];
const KINDS: readonly string[] = [...TRANSPORT, ...PAY, ...BILL, ...FAPIAO, ...PLATFORM];

export interface FaultRule {
  readonly id: string;
  /** A path starts with it; or, when it starts with `^`, a regular expression over the path without the query. */
  readonly path: string;
  readonly method?: string;
  readonly kind: FaultKind;
  /** How many calls are still to be hit; null: every one until the rule is taken away. */
  times: number | null;
  /** Virtual Unix milliseconds from which it hits nothing any more. */
  readonly until?: number;
  /** Hits each so-manieth call that fits; 1, every one, when absent. */
  readonly every?: number;
  /** Calls that fitted, hit or not. */
  seen: number;
  /** Real milliseconds to wait: before the call has its effect, or after it for `delay-after-effect`. Any kind may have it. */
  readonly ms?: number;
  /** A code other than the kind's usual one: `errcode` of the platform, `code` of Pay. */
  readonly code?: number | string;
  /** HTTP status with `code`, for Pay. */
  readonly status?: number;
  hits: number;
}

export type NewFaultRule = Pick<FaultRule, 'kind'> &
  Partial<Pick<FaultRule, 'path' | 'method' | 'times' | 'until' | 'every' | 'ms' | 'code' | 'status'>>;

/** What goes wrong, and how often. One call is hit by one rule at most, the oldest that fits. */
export class Faults {
  private rules: FaultRule[] = [];
  private lastId = 0;

  all(): FaultRule[] {
    return [...this.rules];
  }

  /** @throws LeverError 400 for a kind that nobody makes, a path that cannot be read, a number of times that is none */
  add({ path = '/', times, ...wanted }: NewFaultRule): FaultRule {
    if (!KINDS.includes(wanted.kind))
      throw new LeverError(400, `no such fault: ${wanted.kind}; there are ${KINDS.join(', ')}`);
    if (path.startsWith('^')) asExpression(path);
    if (wanted.until !== undefined && !Number.isFinite(wanted.until))
      throw new LeverError(400, 'until is an instant in Unix milliseconds');
    const left = times === undefined && wanted.until === undefined ? 1 : (times ?? null);
    if (left !== null && !(Number.isInteger(left) && left > 0))
      throw new LeverError(400, 'times is 1 or more, or null');
    const rule: FaultRule = { ...wanted, id: `fault-${++this.lastId}`, path, times: left, seen: 0, hits: 0 };
    this.rules.push(rule);
    return rule;
  }

  remove(id: string): void {
    if (!this.rules.some((rule) => rule.id === id)) throw new LeverError(404, `there is no fault ${id}`);
    this.rules = this.rules.filter((rule) => rule.id !== id);
  }

  clear(): void {
    this.rules = [];
  }

  /**
   * The rule that hits this call, counted.
   * @param now virtual Unix milliseconds
   */
  take(method: string, path: string, now: number): FaultRule | null {
    const rule = this.rules.find((candidate) => hits(candidate, method, path, now) && isItsTurn(candidate));
    if (!rule) return null;
    rule.hits += 1;
    if (rule.times !== null) rule.times -= 1;
    return rule;
  }
}

/** Counts the call. */
function isItsTurn(rule: FaultRule): boolean {
  rule.seen += 1;
  return rule.seen % (rule.every ?? 1) === 0;
}

function hits(rule: FaultRule, method: string, path: string, now: number): boolean {
  if (rule.times !== null && rule.times <= 0) return false;
  if (rule.until !== undefined && now >= rule.until) return false;
  if (rule.method && rule.method.toUpperCase() !== method) return false;
  return rule.path.startsWith('^') ? asExpression(rule.path).test(path) : path.startsWith(rule.path);
}

function asExpression(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new LeverError(400, `not a regular expression: ${text}`);
  }
}

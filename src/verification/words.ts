import {
  accountKinds,
  attempts,
  type Attempt,
  type AccountKind,
  type RealName,
  realNames,
  type VerificationPart,
} from '../contracts/accounts.ts';
import { shanghaiDay } from '../platform/calendar.ts';

/** The value of one part, as people read it. */
export function wordsOf(part: VerificationPart, value: unknown): string {
  if (value === null || value === undefined) return '无';
  if (value instanceof Date) return shanghaiDay(value);
  if (part === 'attempt') return attempts[value as Attempt];
  if (part === 'real_name') return realNames[value as RealName];
  if (part === 'kind') return accountKinds[value as AccountKind];
  if (typeof value === 'boolean') return value ? '已通过' : '未通过';
  return String(value as string);
}

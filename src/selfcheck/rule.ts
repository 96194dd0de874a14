import { UpstreamError } from '../platform/errors.ts';

export const results = {
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '未通过', en: 'FAILED' },
  not_applicable: { zh: '不适用', en: 'not applicable' },
  cannot_tell: { zh: '无法判断', en: 'cannot tell' },
} as const;
export type Result = keyof typeof results;

/** What was found out, and by what it is known: one line in Chinese, without secrets and personal data. */
export interface Finding {
  result: Result;
  evidence: string;
}

export interface RuleHead {
  /** Never changes: reports of different days are compared by it. */
  id: string;
  zh: string;
  en: string;
  /** Where the rule comes from: WeChat's document, or ours. */
  source: string;
}

/** Something that must be so, and how it is looked at. */
export interface Rule extends RuleHead {
  look(): Promise<Finding>;
}

export type Found = RuleHead & Finding;

export const passed = (evidence: string): Finding => ({ result: 'passed', evidence });
export const failed = (evidence: string): Finding => ({ result: 'failed', evidence });
export const notApplicable = (evidence: string): Finding => ({ result: 'not_applicable', evidence });
export const cannotTell = (evidence: string): Finding => ({ result: 'cannot_tell', evidence });

export interface Fact {
  says: string;
  isRight: boolean;
}

/** Passed when every fact is as it should be; ✗ marks those that are not. */
export function judge(facts: readonly Fact[]): Finding {
  const evidence = facts.map(({ says, isRight }) => `${isRight ? '' : '✗ '}${says}`).join('；');
  return { result: facts.every(({ isRight }) => isRight) ? 'passed' : 'failed', evidence };
}

const MOST_NAMED = 3;

/** Passed when there is none; else so many are named. */
export const judgeNone = (found: readonly string[], none: string, some: string): Finding =>
  found.length === 0
    ? passed(none)
    : failed(
        `${some} ${found.length} 项：${found.slice(0, MOST_NAMED).join('、')}${found.length > MOST_NAMED ? ' 等' : ''}`,
      );

/** A rule that could not be looked at to the end is neither kept nor broken. */
export async function lookAt({ look, ...head }: Rule): Promise<Found> {
  try {
    return { ...head, ...(await look()) };
  } catch (error) {
    return { ...head, ...cannotTell(`检查未能完成：${reasonOf(error)}`) };
  }
}

/** Never the words of an error that may repeat what was asked or stored. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof UpstreamError) return `微信支付 ${error.kind}（${error.code}）`;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name}（${code}）` : error.name;
}

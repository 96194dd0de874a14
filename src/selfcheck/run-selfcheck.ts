import { askWechatPlainly } from './ask-wechat-plainly.ts';
import { billRules } from './bill-rules.ts';
import { moneyRules } from './money-rules.ts';
import { noticeRules } from './notice-rules.ts';
import { operationRules } from './operation-rules.ts';
import { makeReport, type Report } from './report.ts';
import { type Found, lookAt } from './rule.ts';
import { scratchRules } from './scratch-rules.ts';
import type { Site } from './site.ts';
import { newStranger } from './stranger.ts';
import { wechatRules } from './wechat-rules.ts';

/**
 * Looks at an installation by WeChat Pay's rules, one after the other. Writes nothing to its database, and asks WeChat only what changes
 * nothing or must be refused.
 */
export async function runSelfcheck(site: Site, madeBy: string): Promise<Report> {
  const plain = await askWechatPlainly(site).catch(() => null);
  const stranger = newStranger(site, plain?.serial ?? null);
  const rules = [
    ...noticeRules(site, stranger),
    ...wechatRules(site, stranger, plain),
    ...scratchRules(site),
    ...moneyRules(site),
    ...billRules(site),
    ...operationRules(site),
  ];
  const findings: Found[] = [];
  for (const rule of rules) findings.push(await lookAt(rule));
  return makeReport(site, findings, madeBy);
}

import { shanghaiTime } from '../platform/calendar.ts';
import type { Report } from './report.ts';
import { type Result, results } from './rule.ts';

const SIGNS: Record<Result, string> = { passed: '✓', failed: '✗', not_applicable: '－', cannot_tell: '？' };

/** For a terminal. */
export function showText(report: Report): string {
  const lines = report.findings.map(
    ({ id, zh, result, evidence }) => `${SIGNS[result]} ${results[result].zh}  ${zh}  [${id}]\n    ${evidence}`,
  );
  return [
    `${report.title}    版本 ${report.version}`,
    `时间    ${shanghaiTime(report.madeAt)}（北京时间）    执行人  ${report.madeBy}`,
    `商户号  ${report.merchant}    服务器  ${report.server}    数据库  ${report.database}`,
    `环境    ${report.modeWords}`,
    '',
    ...lines,
    '',
    summaryOf(report),
  ].join('\n');
}

/** 共 27 项：通过 20，未通过 1 … */
export function summaryOf({ counts, findings }: Report): string {
  const parts = (Object.keys(results) as Result[]).map((result) => `${results[result].zh} ${counts[result]}`);
  const verdict = counts.failed === 0 ? '没有未通过的项目' : `有 ${counts.failed} 项未通过`;
  return `共 ${findings.length} 项：${parts.join('，')}。${verdict}。`;
}

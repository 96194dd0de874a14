import { shanghaiTime } from '../platform/calendar.ts';
import type { Report } from './report.ts';
import { results } from './rule.ts';
import { summaryOf } from './show-text.ts';

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `@page{size:A4 landscape;margin:14mm}body{font:13px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#111;max-width:1080px;margin:24px auto;padding:0 12px}
h1{font-size:20px}table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:4px 6px;text-align:left;vertical-align:top}thead{display:table-header-group}tr{break-inside:avoid}
.head th{width:7em;background:#f3f3f3}.failed td.result{font-weight:bold;color:#b00020}small{color:#555}code{font-size:11px}td.result{white-space:nowrap}#sha256{word-break:break-all}td:nth-child(2){white-space:nowrap}.head td,.head th{white-space:normal}.sign td{height:3em;width:33%}`;

/** For the file of finance: one page by itself, to be printed. The place of the checksum is left as it is given. */
export function showPage(report: Report, sha256: string): string {
  const head: [string, string][] = [
    ['环境', report.modeWords],
    ['时间', `${shanghaiTime(report.madeAt)}（北京时间）`],
    ['执行人', report.madeBy],
    ['商户号', report.merchant],
    ['服务器', report.server],
    ['数据库', report.database],
    ['版本', report.version],
    ['结论', summaryOf(report)],
  ];
  const rows = report.findings.map(
    ({ id, zh, en, source, result, evidence }, at) =>
      `<tr class="${result}"><td>${at + 1}</td><td><code>${escape(id)}</code></td><td>${escape(zh)}<br><small lang="en">${escape(en)}</small></td><td class="result">${results[result].zh}</td><td>${escape(evidence)}</td><td><small>${escape(source)}</small></td></tr>`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escape(`${report.title} ${report.madeAt.slice(0, 10)}`)}</title><style>${STYLE}</style></head><body>
<h1>${escape(report.title)}</h1>
<table class="head">${head.map(([name, words]) => `<tr><th>${name}</th><td>${escape(words)}</td></tr>`).join('')}</table>
<p></p>
<table><thead><tr><th>序</th><th>编号</th><th>项目</th><th>结果</th><th>依据</th><th>规则出处</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
<p>校验值（SHA-256）：<code id="sha256">${sha256}</code><br><small>以 npm run selfcheck -- verify 文件名 核对本文件自生成后是否被改动。</small></p>
<table class="sign"><tr><td>执行：</td><td>复核：</td><td>归档日期：</td></tr></table>
</body></html>
`;
}

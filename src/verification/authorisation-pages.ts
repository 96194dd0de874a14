import { type AuthorisationOutcome, authorisationOutcomes } from '../contracts/accounts.ts';
import type { AuthorisationLinks } from '../platform/open-platform/index.ts';

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
body{margin:0;min-height:100vh;background:#f5f6f8;color:#1f2329;font:16px/1.6 -apple-system,BlinkMacSystemFont,"PingFang SC","Microsoft YaHei",sans-serif}
main{box-sizing:border-box;max-width:30rem;margin:0 auto;padding:3rem 1.5rem}
section{background:#fff;border-radius:12px;padding:1.75rem 1.5rem}
h1{margin:0 0 .75rem;font-size:1.375rem}
p,ul{margin:.5rem 0;color:#4e5969}
ul{padding-left:1.25rem}
a.go{display:block;margin-top:1.5rem;padding:.75rem;border-radius:8px;background:#07c160;color:#fff;text-align:center;text-decoration:none}
small{display:block;margin-top:1rem;color:#86909c}`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><main><section><h1>${escape(title)}</h1>${body}</section></main></body></html>`;

/** Before WeChat's page: what is asked for, and what is not. WeChat wants its page to be reached from one of ours. */
export const invitationPage = ({ desktop, phone }: AuthorisationLinks, isInWechat: boolean): string =>
  page(
    '授权查询账号认证状态',
    `<p>请由公众号或小程序的管理员在微信页面确认授权。授权后我们会：</p>
<ul><li>自动查询账号的认证状态、年审时间和主体名称</li><li>在到期前提醒您</li></ul>
<p>我们不会代您发布内容、修改设置或读取用户资料，您可以随时在微信公众平台取消授权。</p>
<a class="go" href="${escape(isInWechat ? phone : desktop)}">${isInWechat ? '去微信授权' : '用微信扫码授权'}</a>
<small>授权页面几分钟内有效，过期请重新打开本链接。</small>`,
  );

const TITLES: Record<AuthorisationOutcome, string> = {
  granted: '授权成功',
  claimed_elsewhere: '账号需要核实',
  code_used: '请确认授权结果',
  cancelled: '授权未完成',
  link_over: '链接已失效',
  unavailable: '请稍后查看',
};

export const outcomePage = (outcome: AuthorisationOutcome): string =>
  page(TITLES[outcome], `<p>${escape(authorisationOutcomes[outcome])}</p>`);

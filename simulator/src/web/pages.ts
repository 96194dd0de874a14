/** The pages of open.weixin.qq.com that a person can see, in WeChat's words and look. */

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: #fff; color: #191919;
    font: 17px/1.5 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
  main { flex: 1; padding: 48px 32px 24px; }
  .account { display: flex; align-items: center; gap: 12px; font-size: 15px; }
  .mark { width: 36px; height: 36px; border-radius: 6px; background: #07c160; color: #fff; font-size: 18px;
    display: grid; place-items: center; }
  h1 { font-size: 22px; font-weight: 600; margin: 36px 0 24px; }
  .person { display: flex; align-items: center; gap: 12px; padding: 16px 0; border-top: 1px solid #ededed;
    border-bottom: 1px solid #ededed; }
  .person img { width: 44px; height: 44px; border-radius: 6px; }
  .quiet { color: #737373; font-size: 14px; }
  form { display: flex; justify-content: center; gap: 16px; padding: 24px 32px 64px; }
  button, .button { width: 120px; padding: 9px 0; border: 0; border-radius: 6px; font: inherit; text-align: center;
    text-decoration: none; background: #f2f2f2; color: #07c160; cursor: pointer; }
  .main { background: #07c160; color: #fff; }
  .notice { text-align: center; padding-top: 96px; }
  .sign { width: 72px; height: 72px; margin: 0 auto 24px; border-radius: 50%; background: #10aeff; color: #fff;
    font-size: 44px; line-height: 72px; }
  .warning { background: #fa9d3b; }
`;

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;

const notice = (sign: string, headline: string, more: string, kind = ''): string =>
  `<main class="notice"><div class="sign ${kind}">${sign}</div><h1>${escaped(headline)}</h1>${more}</main>`;

/** A refusal of the authorisation page; `errorCode` is null for the ones that have no number. */
export const errorPage = (errorCode: number | null, words: string): string =>
  page('提示', notice('!', errorCode === null ? words : `${words}，错误码：${errorCode}`, '', 'warning'));

/** What a browser outside WeChat gets. `address` is the page that was asked for; the phone can open it. */
export const openInWechatPage = (address: string): string => {
  const link = `/phone/?open=${encodeURIComponent(address)}`;
  return page(
    '提示',
    notice(
      'i',
      '请在微信客户端打开链接',
      `<p class="quiet">这是模拟的微信。请先在模拟手机中选择用户。</p>
       <p><a class="button main" style="display:inline-block;width:200px" href="${escaped(link)}">在模拟手机中打开</a></p>`,
    ),
  );
};

export interface ConsentView {
  accountName: string;
  nickname: string;
  avatarUrl: string;
  /** The query of the authorisation address, given back with the answer. */
  query: string;
}

/** The consent page of snsapi_userinfo. */
export const consentPage = ({ accountName, nickname, avatarUrl, query }: ConsentView): string =>
  page(
    '微信登录',
    `<main>
       <div class="account"><span class="mark">${escaped([...accountName][0] ?? '')}</span><span>${escaped(accountName)} 申请使用</span></div>
       <h1>你的微信头像、昵称、地区和性别信息</h1>
       <div class="person"><img alt="" src="${escaped(avatarUrl)}">
         <div>${escaped(nickname)}<div class="quiet">微信个人信息</div></div></div>
     </main>
     <form method="post" action="/connect/oauth2/authorize">
       <input type="hidden" name="query" value="${escaped(query)}">
       <button name="answer" value="deny">拒绝</button>
       <button class="main" name="answer" value="allow">允许</button>
     </form>
     <script>
       // WeChat opens the page only when the address ends so; the server never sees a fragment.
       if (location.hash !== '#wechat_redirect') document.body.innerHTML = ${JSON.stringify(
         notice('!', '链接缺少 #wechat_redirect，无法打开', '', 'warning'),
       )};
     </script>`,
  );

/** A portrait made of the first character of a name. */
export const portrait = (nickname: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132"><rect width="132" height="132" fill="#576b95"/>
  <text x="66" y="88" font-size="64" fill="#fff" text-anchor="middle" font-family="sans-serif">${escaped([...nickname][0] ?? '')}</text></svg>`;

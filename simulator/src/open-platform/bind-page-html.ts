import { escaped, page } from '../web/pages.ts';

export interface BindView {
  path: string;
  /** Given back with the answer. */
  query: string;
  /** The phone's link must end in `#wechat_redirect`. */
  needsFragment: boolean;
  accounts: { appid: string; nickname: string; principalName: string; ownerName: string; scopes: number[] }[];
}

/** The page on which an owner picks one of his accounts, and what he grants. */
export function bindPage({ path, query, needsFragment, accounts }: BindView): string {
  const choices = accounts.map((account, index) => accountChoice(account, index === 0)).join('');
  const scopes = [...new Set(accounts.flatMap((account) => account.scopes))].toSorted((one, other) => one - other);
  return page(
    '账号授权',
    `<form method="post" action="${escaped(path)}" style="display:block;padding:0">
       <main>
         <div class="account"><span class="mark">通</span><span>第三方平台 申请获得您的账号授权</span></div>
         <h1>选择要授权的账号</h1>
         ${choices || '<p class="quiet">没有可以授权的账号。</p>'}
         <p class="quiet">权限集</p>
         ${scopes.map(scopeChoice).join('')}
       </main>
       <input type="hidden" name="query" value="${escaped(query)}">
       <div style="display:flex;justify-content:center;gap:16px;padding:24px 32px 64px">
         <button name="answer" value="deny">拒绝</button>
         <button class="main" name="answer" value="allow"${accounts.length === 0 ? ' disabled' : ''}>同意授权</button>
       </div>
     </form>
     ${needsFragment ? FRAGMENT : ''}`,
  );
}

/** What the owner sees who refuses: nobody is told. */
export const refusedPage = (): string => page('账号授权', '<main class="notice"><h1>您已取消授权</h1></main>');

const accountChoice = ({ appid, nickname, principalName, ownerName }: BindView['accounts'][number], isFirst: boolean) =>
  `<label class="person"><input type="radio" name="account" value="${escaped(appid)}"${isFirst ? ' checked' : ''}>
     <div>${escaped(nickname)}<div class="quiet">${escaped(principalName)} · 管理员 ${escaped(ownerName)}</div></div></label>`;

const scopeChoice = (id: number): string =>
  `<label class="quiet" style="margin-right:16px"><input type="checkbox" name="scope" value="${id}" checked> ${id}</label>`;

/** The server never sees a fragment. */
const FRAGMENT = `<script>
  if (location.hash !== '#wechat_redirect') document.body.textContent = '链接缺少 #wechat_redirect，无法打开';
</script>`;

import { pageError, AuthorizeError } from '../web/authorize-request.ts';
import { findHolder } from '../web/authorize.ts';
import { errorPage, openInWechatPage } from '../web/pages.ts';
import { readAddress } from '../web/domains.ts';
import type { SimulatorContext, SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { usualScopes, type CustomerAccount } from './account.ts';
import { authorise } from './authorise.ts';
import { bindPage, refusedPage } from './bind-page-html.ts';

/** For desktop browsers, mp.weixin.qq.com, where the owner scans a code; and for phones, open.weixin.qq.com. */
const DESKTOP = '/cgi-bin/componentloginpage';
const PHONE = '/wxaopen/safe/bindcomponent';

/** Which accounts a link is for; the numbers are not confirmed. */
const AUTH_TYPES: Record<string, (account: CustomerAccount) => boolean> = {
  1: ({ verification }) => verification.kind !== 'mini-program',
  2: ({ verification }) => verification.kind === 'mini-program',
  3: () => true,
};

/** Where an owner authorises one of his accounts (official documentation, 授权流程技术说明). */
export function mountBindPages(router: SimulatorRouter, world: World): void {
  for (const path of [DESKTOP, PHONE]) {
    router.get(path, (ctx) => show(ctx, () => open(ctx, world)));
    router.post(path, (ctx) => show(ctx, () => answer(ctx, world)));
  }
}

/** Either a page, or a redirect made by `make` itself. */
function show(ctx: SimulatorContext, make: () => string | null): void {
  try {
    const html = make();
    if (html !== null) respond(ctx, html);
  } catch (error) {
    if (!(error instanceof AuthorizeError)) throw error;
    respond(ctx, errorPage(error.errorCode, error.message));
  }
}

function respond(ctx: SimulatorContext, html: string): void {
  ctx.status = 200;
  ctx.type = 'text/html';
  ctx.body = html;
}

interface BindRequest {
  preAuthCode: string;
  redirectUri: URL;
  accounts: CustomerAccount[];
}

function open(ctx: SimulatorContext, world: World): string {
  const isPhone = ctx.path === PHONE;
  const holder = findHolder(ctx, world);
  if (isPhone && !holder) return openInWechatPage(`${ctx.URL.href}#wechat_redirect`);
  const { accounts } = readRequest(ctx, world, ctx.URL.searchParams);
  return bindPage({
    path: ctx.path,
    query: ctx.URL.search,
    needsFragment: isPhone,
    accounts: accounts.map(({ appid, ownerId, verification }) => ({
      appid,
      nickname: verification.nickname,
      principalName: verification.principalName,
      ownerName: world.people.find(ownerId ?? '')?.nickname ?? '',
      scopes: usualScopes(verification.kind),
    })),
  });
}

/** The owner tapped 同意授权 or 拒绝. */
function answer(ctx: SimulatorContext, world: World): string | null {
  const form = new URLSearchParams(ctx.state.rawBody.toString('utf8'));
  const { preAuthCode, redirectUri, accounts } = readRequest(ctx, world, new URLSearchParams(form.get('query') ?? ''));
  if (form.get('answer') !== 'allow') return refusedPage();
  const account = accounts.find(({ appid }) => appid === form.get('account'));
  if (!account) throw new AuthorizeError(null, '请选择要授权的账号');
  world.openPlatform.preAuthCodes.take(preAuthCode);
  const ticked = form.getAll('scope').map(Number);
  const scopes = usualScopes(account.verification.kind).filter((id) => ticked.includes(id));
  const { authCode, expiresIn } = authorise(world, account, { preAuthCode, scopes });
  const target = new URL(redirectUri);
  const added = new URLSearchParams({ auth_code: authCode, expires_in: String(expiresIn) });
  // Only added to: what the address brought along is given back letter by letter.
  target.search = `${target.search === '' ? '?' : `${target.search}&`}${added.toString()}`;
  ctx.redirect(target.href);
  return null;
}

/** @throws AuthorizeError for what the page would not open */
function readRequest(ctx: SimulatorContext, world: World, query: URLSearchParams): BindRequest {
  const { openPlatform } = world;
  if (query.get('component_appid') !== openPlatform.appid) throw new AuthorizeError(null, 'component_appid参数错误');
  if (ctx.path === PHONE && query.get('action') !== 'bindcomponent') throw new AuthorizeError(null, 'action参数错误');
  const preAuthCode = query.get('pre_auth_code') ?? '';
  const { state } = openPlatform.preAuthCodes.look(preAuthCode);
  if (state !== 'fresh') throw new AuthorizeError(null, state === 'expired' ? '预授权码已过期' : '预授权码无效');
  const redirectUri = readAddress(query.get('redirect_uri') ?? '');
  if (!redirectUri || !['http:', 'https:'].includes(redirectUri.protocol)) throw pageError(10011);
  const isOfType = AUTH_TYPES[query.get('auth_type') ?? ''];
  if (!isOfType) throw new AuthorizeError(null, 'auth_type参数错误');
  const holder = findHolder(ctx, world);
  const wanted = query.get('biz_appid');
  return {
    preAuthCode,
    redirectUri,
    accounts: openPlatform
      .all()
      .filter(({ ownerId }) => ownerId !== null && (holder === null || ownerId === holder.id))
      .filter((account) => isOfType(account) && (wanted === null || account.appid === wanted)),
  };
}

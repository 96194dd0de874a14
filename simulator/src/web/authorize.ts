import type { Person } from '../people.ts';
import type { SimulatorContext, SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { AuthorizeError, pageError, readAuthorizeRequest, type AuthorizeRequest } from './authorize-request.ts';
import { consentPage, errorPage, openInWechatPage, portrait } from './pages.ts';
import type { Grant } from './state.ts';

const PATH = '/connect/oauth2/authorize';
/** Set by the phone page on this origin: the person who holds the phone. */
export const PHONE_COOKIE = 'phone';
const SNAPSHOT_NICKNAME = '微信用户';

/** The browser's half of web authorisation, open.weixin.qq.com (official documentation, web authorisation). */
export function mountAuthorizePages(router: SimulatorRouter, world: World): void {
  router.get(PATH, (ctx) => showPage(ctx, () => open(ctx, world)));
  router.post(PATH, (ctx) => showPage(ctx, () => answer(ctx, world)));

  router.get('/mmopen/:personId/:size', (ctx) => {
    ctx.type = 'image/svg+xml';
    ctx.body = portrait(world.people.find(ctx.params.personId!)?.nickname ?? SNAPSHOT_NICKNAME);
  });
}

/** Either a page, or a redirect made by `show` itself. */
function showPage(ctx: SimulatorContext, show: () => string | null): void {
  try {
    const { fault } = ctx.state;
    if (fault?.kind === 'busy' || fault?.kind === 'minute-quota') throw pageError(10009);
    if (fault?.kind === 'code') throw pageError(Number(fault.code));
    const html = show();
    if (html !== null) respond(ctx, html);
  } catch (error) {
    if (!(error instanceof AuthorizeError)) throw error;
    if (error.errorCode !== null) ctx.state.code = error.errorCode;
    respond(ctx, errorPage(error.errorCode, error.message));
  }
}

function respond(ctx: SimulatorContext, html: string): void {
  ctx.status = 200;
  ctx.type = 'text/html';
  ctx.body = html;
}

function open(ctx: SimulatorContext, world: World): string | null {
  const request = readAuthorizeRequest(world, ctx.URL.searchParams);
  const person = findHolder(ctx, world);
  if (!person) return openInWechatPage(`${ctx.URL.href}#wechat_redirect`);

  if (isSilent(world, request, person)) return redirect(ctx, request, issue(world, request, person, false));
  if (isSnapshot(world, request)) return redirect(ctx, request, issue(world, request, person, true));
  return consentPage({
    accountName: world.officialAccount.settings.accountName,
    nickname: person.nickname,
    avatarUrl: `/mmopen/${person.id}/96`,
    query: ctx.URL.search,
  });
}

/** The person tapped 允许 or 拒绝. */
function answer(ctx: SimulatorContext, world: World): string | null {
  const form = new URLSearchParams(ctx.state.rawBody.toString('utf8'));
  const request = readAuthorizeRequest(world, new URLSearchParams(form.get('query') ?? ''));
  const person = findHolder(ctx, world);
  if (!person) return openInWechatPage(`${world.addresses.origin}${PATH}${form.get('query') ?? ''}#wechat_redirect`);
  const isAllowed = form.get('answer') === 'allow';
  return redirect(ctx, request, isAllowed ? issue(world, request, person, false) : null);
}

/** Who holds the phone that asks; null in a browser that is no phone. */
export function findHolder(ctx: SimulatorContext, world: World): Person | null {
  const id = ctx.cookies.get(PHONE_COOKIE);
  return id ? world.people.find(decodeURIComponent(id)) : null;
}

function isSilent({ officialAccount }: World, { scope, forcePopup }: AuthorizeRequest, person: Person): boolean {
  if (scope === 'snsapi_base') return true;
  return officialAccount.settings.silentForFollowers && person.follows && !forcePopup;
}

/** `forcePopup` is what a page sends when the person taps for the full service. */
const isSnapshot = ({ officialAccount }: World, { forcePopup, forceSnapShot }: AuthorizeRequest): boolean =>
  forceSnapShot || (officialAccount.settings.snapshot && !forcePopup);

function issue(world: World, { scope }: AuthorizeRequest, person: Person, isSnapshot: boolean): string {
  const real: Grant = {
    personId: person.id,
    openid: person.openids[world.officialAccount.appid]!,
    unionid: person.unionid,
    nickname: person.nickname,
    scope,
    isSnapshot: false,
  };
  return world.web.codes.issue(isSnapshot ? asSnapshot(real) : real);
}

/** A virtual person: nothing in it is the real one's. */
const asSnapshot = (real: Grant): Grant => ({
  ...real,
  personId: `snapshot-${real.personId}`,
  openid: `oSNAPSHOT${real.openid.slice(9).split('').toReversed().join('')}`,
  unionid: `oSNAPSHOT${real.unionid.slice(9).split('').toReversed().join('')}`,
  nickname: SNAPSHOT_NICKNAME,
  isSnapshot: true,
});

/** A person who refuses comes back with the state alone. */
function redirect(ctx: SimulatorContext, { redirectUri, state }: AuthorizeRequest, code: string | null): null {
  const target = new URL(redirectUri);
  const added = new URLSearchParams({ ...(code === null ? {} : { code }), ...(state === null ? {} : { state }) });
  // Only added to: what the address brought along is given back letter by letter.
  if (added.size > 0) target.search = `${target.search === '' ? '?' : `${target.search}&`}${added.toString()}`;
  ctx.redirect(target.href);
  return null;
}

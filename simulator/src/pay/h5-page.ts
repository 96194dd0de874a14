import type { SimulatorContext, SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { Order, Prepay } from './order.ts';
import { faultOfPrepay, payByH5, type Decision } from './payer.ts';

const PATH = '/cgi-bin/mmpayweb-bin/checkmweb';

/** The page behind `h5_url`, where a phone's browser would hand over to WeChat (WeChat Pay documentation 4012791834). */
export function mountH5Page(router: SimulatorRouter, world: World): void {
  router.get(PATH, (ctx) => {
    const opened = open(world, ctx, query(ctx, 'prepay_id'), query(ctx, 'redirect_url'));
    if (typeof opened === 'string') return show(ctx, 400, message(opened));
    return show(ctx, 200, paySheet(world, opened.order, opened.prepay, query(ctx, 'redirect_url')));
  });

  router.post(PATH, (ctx) => {
    const form = new URLSearchParams(ctx.state.rawBody.toString('utf8'));
    const redirectUrl = form.get('redirect_url') ?? '';
    const opened = open(world, null, form.get('prepay_id') ?? '', redirectUrl);
    if (typeof opened === 'string') return show(ctx, 400, message(opened));
    const person = world.people.find(form.get('person') ?? '');
    if (!person) return show(ctx, 400, message('请选择付款人'));
    const outcome = readOutcome(form.get('outcome'));
    const { errMsg } = payByH5(world, person, opened.prepay.h5Url ?? '', { outcome });
    if (redirectUrl) return ctx.redirect(redirectUrl);
    return show(ctx, 200, message(RESULT[errMsg] ?? errMsg.replace(/^fail:/, '')));
  });
}

const RESULT: Record<string, string> = { ok: '支付成功', cancel: '已取消支付' };

const readOutcome = (text: string | null): Decision['outcome'] => (text === 'pay' || text === 'fail' ? text : 'cancel');

function open(world: World, ctx: SimulatorContext | null, prepayId: string, redirectUrl: string) {
  const found = world.pay.findPrepay(({ id, h5Url }) => id === prepayId && h5Url !== undefined);
  if (!found) return '支付链接不正确';
  if (ctx && !isOwnDomain(world, ctx.get('Referer'))) return '商家存在未配置的参数，请联系商家解决';
  if (redirectUrl && !isOwnDomain(world, redirectUrl)) return '商家参数格式有误，请联系商家解决';
  return faultOfPrepay(world, null, found.order, found.prepay) ?? found;
}

/** The merchant's H5 domains are compared to the letter; none set: any web address will do. */
function isOwnDomain({ pay }: World, url: string): boolean {
  const { h5Domains } = pay.settings;
  if (url === '') return h5Domains.length === 0;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  return h5Domains.length === 0 || h5Domains.includes(new URL(url).host);
}

const query = (ctx: SimulatorContext, name: string): string => {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : '';
};

function show(ctx: SimulatorContext, status: number, body: string): void {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>微信支付</title>
<style>
body { margin: 0; padding: 24px; max-width: 420px; font: 16px/1.6 sans-serif; color: #111; background: #ededed; }
h1 { margin: 24px 0 8px; text-align: center; font-size: 17px; font-weight: 400; }
.amount { text-align: center; font-size: 40px; margin: 0 0 24px; }
button, select, a.button { display: block; box-sizing: border-box; width: 100%; margin: 12px 0; padding: 12px; border: 0; border-radius: 6px;
  font-size: 17px; text-align: center; text-decoration: none; background: #fff; color: #111; }
button.main { background: #07c160; color: #fff; }
</style>
</head>
<body>${body}</body>
</html>`;
}

const message = (text: string): string => `<h1>${escapeHtml(text)}</h1>`;

function paySheet({ people }: World, order: Order, prepay: Prepay, redirectUrl: string): string {
  const choices = people
    .all()
    .map(({ id, nickname }) => `<option value="${escapeHtml(id)}">${escapeHtml(nickname)}</option>`);
  return `<h1>${escapeHtml(order.asked.description)}</h1>
<p class="amount">¥${(order.asked.amount.total / 100).toFixed(2)}</p>
<form method="post" action="${PATH}">
<input type="hidden" name="prepay_id" value="${escapeHtml(prepay.id)}">
<input type="hidden" name="redirect_url" value="${escapeHtml(redirectUrl)}">
<select name="person" aria-label="付款人">${choices.join('')}</select>
<button class="main" name="outcome" value="pay">立即支付</button>
<button name="outcome" value="cancel">取消支付</button>
<button name="outcome" value="fail">支付失败</button>
</form>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

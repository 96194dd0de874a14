import { RIGHTS } from '../official-account/rights.ts';
import { LeverError } from '../errors.ts';
import type { OfficialAccountSettings } from '../official-account/state.ts';
import { STANDINGS, type App, type AppSettings } from '../platform/app.ts';
import type { PushContent } from '../platform/push-content.ts';
import type { Limits } from '../platform/quotas.ts';
import { keysOf, type Template } from '../platform/template-fields.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { changeSettings } from './change-settings.ts';
import { presentPush } from './pushes.ts';

const CHOICES = {
  mode: ['plain', 'compatible', 'safe'],
  pushFormat: ['xml', 'json'],
  pushes: ['auto', 'held'],
  singleListAs: ['object', 'array'],
  numbersAs: ['string', 'number'],
  standing: STANDINGS,
  finishEvents: ['auto', 'held', 'drop'],
  verificationEvents: ['auto', 'drop'],
  emptyValueCode: [47003, 40250],
  basicInfo: ['available', 'not_available'],
  basicInfoMethods: ['both', 'post', 'get'],
  basicInfoFlags: ['boolean', 'number'],
  lapseShownAs: ['unqualified', 'end-passed'],
} as const;

const MINI_PROGRAM_CHOICES = {
  ...CHOICES,
  unmanagedAnswer: ['no', 'unauthorised'],
  settlement: ['auto', 'held'],
  stateBeforeSettlement: [3, 6],
  settlementTimes: ['told', 'empty'],
} as const;

const OFFICIAL_ACCOUNT_CHOICES = {
  ...CHOICES,
  pushFormat: ['xml'],
  snapshotUserinfo: ['virtual', 'refused'],
  expiredCode: [42003, 40029],
  blockedAnswer: ['43101', '48002', '43019', 'finish-event'],
  repeatedClientMsgId: ['old-msgid', 'refused'],
  withdrawnRights: RIGHTS,
} as const;

/** What is true of both accounts: settings, templates, quotas, tokens, and events out of nowhere. */
export function accountLevers(world: World): SimulatorRouter {
  const router = newRouter();
  mountAccount(router, world, () => world.officialAccount, OFFICIAL_ACCOUNT_CHOICES);
  mountAccount(router, world, () => world.miniProgram, MINI_PROGRAM_CHOICES);

  router.get('/platform/settings', (ctx) => {
    ctx.body = world.platform.settings;
  });

  router.post('/platform/settings', (ctx) => {
    ctx.body = changeSettings(world.platform.settings, leverBody<World['platform']['settings']>(ctx));
  });

  return router;
}

function mountAccount<S extends AppSettings>(
  router: SimulatorRouter,
  world: World,
  current: () => App<S>,
  choices: object,
): void {
  const { kind } = current();

  router.get(`/${kind}/settings`, (ctx) => {
    ctx.body = current().settings;
  });

  router.post(`/${kind}/settings`, async (ctx) => {
    const { verify = true, ...wanted } = leverBody<AppSettings & { verify: boolean }>(ctx);
    ctx.body = await configure(current(), wanted as Partial<S>, choices, verify);
  });

  router.post(`/${kind}/templates`, (ctx) => {
    ctx.status = 201;
    ctx.body = addTemplate(current(), leverBody<Template>(ctx));
  });

  router.delete(`/${kind}/templates/:id`, (ctx) => {
    const app = current();
    app.templates = app.templates.filter(({ templateId }) => templateId !== ctx.params.id);
    ctx.status = 204;
  });

  router.post(`/${kind}/quotas`, (ctx) => {
    const { path = '', ...change } = leverBody<Limits & { path: string; used: number }>(ctx);
    world.platform.quotas.adjust(current().appid, path, change);
    ctx.body = { path, ...world.platform.quotas.limitsOf(current().appid, path) };
  });

  router.post(`/${kind}/tokens/expire`, (ctx) => {
    world.platform.tokens.expireAll(current().appid);
    ctx.status = 204;
  });

  router.post(`/${kind}/events`, (ctx) => {
    const { fields = {}, createTime } = leverBody<{ fields: PushContent; createTime: number }>(ctx);
    const { Event: event } = fields;
    if (typeof event !== 'string') throw new LeverError(400, 'fields must name an Event');
    const push = current().pushes.create({ MsgType: 'event', ...fields }, createTime);
    ctx.status = 201;
    ctx.body = presentPush(push);
  });
}

/** As in the console: an address is taken only after it echoed. */
async function configure<S extends AppSettings>(
  { settings, pushes }: App<S>,
  wanted: Partial<S>,
  choices: object,
  verify: boolean,
): Promise<S> {
  if (wanted.callbackUrl && !URL.canParse(wanted.callbackUrl)) throw new LeverError(400, 'callbackUrl is no address');
  const before = { ...settings };
  changeSettings(settings, withAllDomains(settings, wanted), choices);
  if (!wanted.callbackUrl || !verify) return settings;
  const fault = await pushes.verifyAddress(wanted.callbackUrl);
  if (fault === null) return settings;
  Object.assign(settings, before);
  throw new LeverError(409, `token验证失败: ${fault}`);
}

/** Domains may be given one kind at a time. */
function withAllDomains<S extends AppSettings>(settings: S, wanted: Partial<S>): Partial<S> {
  const { domains } = wanted as Partial<OfficialAccountSettings>;
  if (domains === undefined) return wanted;
  const current = (settings as unknown as Partial<OfficialAccountSettings>).domains;
  const all = { ...current, ...domains };
  const areHosts = Object.values(all).every(
    (hosts) => Array.isArray(hosts) && hosts.every((host) => typeof host === 'string'),
  );
  if (!areHosts) throw new LeverError(400, 'domains are { oauth: [host], jsSafe: [host] }');
  return { ...wanted, domains: all };
}

function addTemplate(app: App, { templateId, title, content, type, enumValues }: Partial<Template>): Template {
  if (!templateId || !title || !content) throw new LeverError(400, 'a template needs templateId, title and content');
  if (app.templates.some((template) => template.templateId === templateId))
    throw new LeverError(409, `there is a template ${templateId} already`);
  const template = { templateId, title, content, ...(type ? { type } : {}), ...(enumValues ? { enumValues } : {}) };
  if (keysOf(template).length === 0) throw new LeverError(400, 'content needs places such as {{thing1.DATA}}');
  app.templates.push(template);
  return template;
}

export const presentAccount = ({ appid, settings, templates, pushes, verification }: App): object => ({
  appid,
  settings,
  verification: verification.present(),
  templates,
  pushes: pushes.all().map(presentPush),
  markedFailUntil: pushes.markedFailUntil,
});

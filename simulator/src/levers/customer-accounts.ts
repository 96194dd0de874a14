import { LeverError } from '../errors.ts';
import {
  CUSTOMER_ACCOUNT_KINDS,
  type CustomerAccount,
  type NewCustomerAccount,
  type Verification,
} from '../open-platform/account.ts';
import { authorise, grantSilently, type Grant, loseRefreshToken, revoke } from '../open-platform/authorise.ts';
import { pushVerification, type VerificationEvent } from '../open-platform/verification-events.ts';
import type { PushContent } from '../platform/push-content.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { changeSettings } from './change-settings.ts';
import { presentPush } from './pushes.ts';

const MOST_AT_ONCE = 100_000;

/** Accounts of the third-party platform's customers, and what their owners do. */
export function customerAccountLevers(world: World): SimulatorRouter {
  const router = newRouter('/open-platform');
  const accountOf = (appid: string | undefined) => world.openPlatform.get(appid ?? '');

  router.get('/accounts', (ctx) => {
    ctx.body = world.openPlatform.all().map(presentCustomerAccount);
  });

  router.post('/accounts', (ctx) => {
    ctx.status = 201;
    ctx.body = presentCustomerAccount(world.openPlatform.add(leverBody<NewCustomerAccount>(ctx) as NewCustomerAccount));
  });

  router.post('/accounts/bulk', (ctx) => {
    ctx.status = 201;
    ctx.body = addMany(world, leverBody<BulkOrder>(ctx));
  });

  router.post('/accounts/:appid', (ctx) => {
    const account = accountOf(ctx.params.appid);
    changeAccount(world, account, leverBody<AccountChange>(ctx));
    ctx.body = presentCustomerAccount(account);
  });

  router.post('/accounts/:appid/authorise', (ctx) => {
    const account = accountOf(ctx.params.appid);
    ctx.body = authoriseBy(world, account, leverBody<Grant>(ctx));
  });

  router.post('/accounts/:appid/revoke', (ctx) => {
    revoke(world, accountOf(ctx.params.appid));
    ctx.status = 204;
  });

  router.post('/accounts/:appid/lose-refresh-token', (ctx) => {
    loseRefreshToken(accountOf(ctx.params.appid));
    ctx.status = 204;
  });

  router.post('/accounts/:appid/verification', (ctx) => {
    const { event, reason, createTime, ...change } = leverBody<AccountChange & VerificationEvent>(ctx);
    const account = accountOf(ctx.params.appid);
    changeAccount(world, account, change);
    const push = event ? pushVerification(world, account, { event, reason, createTime }) : null;
    ctx.body = { ...presentCustomerAccount(account), push: push && presentPush(push) };
  });

  router.post('/accounts/:appid/events', (ctx) => {
    const account = accountOf(ctx.params.appid);
    const { fields, createTime } = leverBody<{ fields: PushContent; createTime: number }>(ctx);
    if (typeof fields?.Event !== 'string') throw new LeverError(400, 'fields must name an Event');
    const content = { MsgType: 'event', ...fields };
    ctx.status = 201;
    ctx.body = presentPush(world.openPlatform.messagesOf(account).create(content, createTime));
  });

  return router;
}

/** What a lever may change of an account. */
type AccountChange = Verification & Pick<CustomerAccount, (typeof OWN)[number]>;
const OWN = ['principalType', 'accountStatus', 'serviceType', 'verifyType'] as const;

function changeAccount({ openPlatform }: World, account: CustomerAccount, wanted: Partial<AccountChange>): void {
  const entries = Object.entries(wanted);
  const isOwn = ([name]: [string, unknown]) => (OWN as readonly string[]).includes(name);
  changeSettings(account, Object.fromEntries(entries.filter(isOwn)));
  changeSettings<Verification>(account.verification, Object.fromEntries(entries.filter((one) => !isOwn(one))), {
    kind: CUSTOMER_ACCOUNT_KINDS,
    realname: [1, 2, 3],
  });
  openPlatform.planTurn(account);
}

/** As the pages do: a pre-auth code works once. */
function authoriseBy(world: World, account: CustomerAccount, { scopes, preAuthCode }: Partial<Grant>) {
  if (scopes !== undefined && !isListOfNumbers(scopes)) throw new LeverError(400, 'scopes are numbers');
  if (preAuthCode === undefined) return authorise(world, account, { ...(scopes ? { scopes } : {}) });
  const { state } = world.openPlatform.preAuthCodes.take(preAuthCode);
  if (state !== 'fresh') throw new LeverError(409, `the pre-auth code is ${state}`);
  return authorise(world, account, { preAuthCode, ...(scopes ? { scopes } : {}) });
}

const isListOfNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

interface BulkOrder {
  count: number;
  /** Authorised already, without an event. */
  authorised: boolean;
  account: NewCustomerAccount;
}

function addMany(world: World, { count = 0, authorised = true, account = {} }: Partial<BulkOrder>) {
  if (!Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE)
    throw new LeverError(400, `count is 1 to ${MOST_AT_ONCE}`);
  const { nickname = '客户账号', appid: _, originalId: __, ...alike } = account;
  const added = Array.from({ length: count }, (_one, index) =>
    world.openPlatform.add({ ...alike, nickname: `${nickname}${index + 1}` }),
  );
  if (authorised) for (const one of added) grantSilently(world, one);
  return { appids: added.map(({ appid }) => appid) };
}

/** Without its tokens. */
export const presentCustomerAccount = ({ authorisation, ...account }: CustomerAccount) => ({
  ...account,
  authorisation: authorisation && {
    scopes: authorisation.scopes,
    authorisedAt: authorisation.authorisedAt,
    isLost: authorisation.refreshToken === null,
  },
});

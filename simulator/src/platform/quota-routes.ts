import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import type { App } from './app.ts';
import { mountCall, mountedPaths, type PlatformCall } from './platform-call.ts';
import * as refuse from './refusals.ts';
import { identify, textOf } from './token-routes.ts';

const RID_FORM = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
const RID_LIFE_MS = 7 * 86_400_000;

/** Counters and support handles (official documentation, openApi management). */
export function mountQuotaCalls(router: SimulatorRouter, world: World): void {
  const clear = (app: App) => {
    if (!world.platform.quotas.clear(app.appid)) throw refuse.noResetLeft();
    return { errcode: 0, errmsg: 'ok' };
  };

  mountCall(router, world, { path: '/cgi-bin/clear_quota', method: 'POST', token: 'any' }, (call) => {
    if (call.body.appid !== call.app.appid) throw refuse.wrongAppid();
    return clear(call.app);
  });

  mountCall(
    router,
    world,
    { path: '/cgi-bin/clear_quota/v2', method: 'POST', token: 'none', bodyOptional: true },
    (call) => {
      // The page lists the fields as body, its sample shows them in the query.
      const field = (name: string) => textOf(call.body[name]) || call.query(name);
      return clear(identify(call, field, 'appsecret'));
    },
  );

  mountCall(router, world, { path: '/cgi-bin/openapi/quota/get', method: 'POST', token: 'any' }, (call) => {
    const path = textOf(call.body.cgi_path);
    if (path.startsWith('/sns/')) throw refuse.noQuotaRecord();
    if (!mountedPaths(router).includes(path)) throw refuse.wrongApiPath();
    const { quotas } = world.platform;
    const none = { call_count: 0, refresh_second: 0 };
    return {
      errcode: 0,
      errmsg: 'ok',
      quota: quotas.usageOf(call.app.appid, path),
      rate_limit: quotas.minuteUsageOf(call.app.appid, path),
      component_rate_limit: none,
    };
  });

  mountCall(router, world, { path: '/cgi-bin/openapi/rid/get', method: 'POST', token: 'any' }, tellRid);
}

function tellRid({ world, app, body }: PlatformCall): object {
  const rid = textOf(body.rid);
  if (!RID_FORM.test(rid)) throw refuse.ridMalformed();
  const record = world.platform.rids.find(rid);
  if (!record) throw refuse.ridNotFound();
  if (record.appid !== app.appid) throw refuse.ridForeign();
  if (world.clock.now() - record.at > RID_LIFE_MS) throw refuse.ridTooOld();
  return {
    errcode: 0,
    errmsg: 'ok',
    request: {
      invoke_time: Math.floor(record.at / 1000),
      cost_in_ms: 30,
      request_url: record.url,
      request_body: record.requestBody,
      response_body: record.responseBody,
      client_ip: record.ip,
    },
  };
}

import { assertInStanding, mountCall, type PlatformCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { identify, textOf } from '../platform/token-routes.ts';
import type { Person } from '../people.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { signWithSession } from './session-signature.ts';

const token = 'mini-program' as const;

/** Login, session and phone number (official documentation, mini-program login). */
export function mountLoginCalls(router: SimulatorRouter, world: World): void {
  mountCall(router, world, { path: '/sns/jscode2session', method: 'GET', token: 'none' }, login);

  // The page lists the fields as body, SDKs send a GET with a query.
  const session = { method: 'either', token, bodyOptional: true } as const;
  mountCall(router, world, { path: '/wxa/checksession', ...session }, (call) => {
    assertSessionSignature(call);
    return { errcode: 0, errmsg: 'ok' };
  });

  mountCall(router, world, { path: '/wxa/resetusersessionkey', ...session }, (call) => {
    const person = assertSessionSignature(call);
    const openid = person.openids[call.app.appid];
    return { errcode: 0, errmsg: 'ok', openid, session_key: world.miniProgram.newSessionKey(person.id) };
  });

  mountCall(router, world, { path: '/wxa/business/getuserphonenumber', method: 'POST', token }, tellPhoneNumber);
}

function login(call: PlatformCall): object {
  const { world, query } = call;
  const { miniProgram, people, platform } = world;
  const app = identify(call, query);
  if (app !== miniProgram) throw refuse.wrongAppid();
  if (query('grant_type') !== 'authorization_code') throw refuse.wrongGrantType();
  const code = query('js_code');
  if (code === '') throw refuse.codeMissing();

  const { state, meaning } = miniProgram.loginCodes.look(code);
  if (state !== 'fresh' || !meaning) throw refuse.wrongCode();
  const person = people.get(meaning.personId);
  if (miniProgram.settings.riskyPeople.includes(person.id)) throw refuse.riskyUser();
  const counter = `/sns/jscode2session ${person.id}`;
  platform.quotas.adjust(app.appid, counter, { minute: miniProgram.settings.loginsPerMinute });
  if (platform.quotas.count(app.appid, counter) !== 'counted') throw refuse.minuteLimit();

  miniProgram.loginCodes.take(code);
  return {
    session_key: miniProgram.openSession(person.id),
    openid: person.openids[app.appid],
    ...(platform.settings.openPlatformBound ? { unionid: person.unionid } : {}),
  };
}

/** @throws PlatformError 41009, 40003, 87008, 87007, 87009 */
function assertSessionSignature({ world, app, body, query }: PlatformCall): Person {
  const field = (name: string) => query(name) || textOf(body[name]);
  if (field('openid') === '') throw refuse.openidMissing();
  const person = world.people.findByOpenid(app.appid, field('openid'));
  if (!person) throw refuse.wrongOpenid();
  if (field('sig_method') !== 'hmac_sha256') throw refuse.wrongSignMethod();
  const key = world.miniProgram.sessionKeys.get(person.id);
  if (!key) throw refuse.sessionKeyGone();
  if (field('signature') !== signWithSession(key)) throw refuse.wrongSessionSignature();
  return person;
}

function tellPhoneNumber({ world, app, body }: PlatformCall): object {
  assertInStanding(app);
  const code = textOf(body.code);
  if (code === '') throw refuse.codeMissing();
  const { state, meaning } = world.miniProgram.phoneCodes.look(code);
  if (state !== 'fresh' || !meaning) throw refuse.wrongCode();
  if (meaning.appid !== app.appid) throw refuse.wrongAppid();
  world.miniProgram.phoneCodes.take(code);
  const { phoneNumber, purePhoneNumber, countryCode } = splitPhone(world.people.get(meaning.personId).phone);
  return {
    errcode: 0,
    errmsg: 'ok',
    phone_info: {
      phoneNumber,
      purePhoneNumber,
      countryCode,
      watermark: { timestamp: world.clock.seconds(), appid: app.appid },
    },
  };
}

/** `+852-51234567` is a foreign number; without a plus it is Chinese. */
function splitPhone(phone: string) {
  const foreign = /^\+(\d{1,4})-(\d+)$/.exec(phone);
  if (!foreign) return { phoneNumber: phone, purePhoneNumber: phone, countryCode: '86' };
  const [, countryCode = '', purePhoneNumber = ''] = foreign;
  return { phoneNumber: `+${countryCode}${purePhoneNumber}`, purePhoneNumber, countryCode };
}

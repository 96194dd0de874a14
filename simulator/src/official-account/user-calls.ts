import type { Person } from '../people.ts';
import { mountCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { assertRight } from './rights.ts';

const token = 'official-account' as const;
/** The figure is not confirmed by a page that is still there. */
const MOST_AT_ONCE = 100;

/** Followers and their profiles (official documentation, user management). Nicknames are no longer told since 2021-12-27. */
export function mountUserCalls(router: SimulatorRouter, world: World): void {
  mountCall(router, world, { path: '/cgi-bin/user/info', method: 'GET', token }, (call) => {
    assertRight(world, 'user-info');
    return describe(world, getPerson(world, call.query('openid')));
  });

  mountCall(router, world, { path: '/cgi-bin/user/info/batchget', method: 'POST', token }, (call) => {
    assertRight(world, 'user-info');
    const wanted: unknown = call.body.user_list;
    if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > MOST_AT_ONCE) throw refuse.wrongListSize();
    const openids = wanted.map((entry: { openid?: unknown } | null) => textOf(entry?.openid));
    return { user_info_list: openids.map((openid) => describe(world, getPerson(world, openid))) };
  });

  mountCall(router, world, { path: '/cgi-bin/user/get', method: 'GET', token }, (call) => {
    assertRight(world, 'user-info');
    return listFollowers(world, call.query('next_openid'));
  });
}

function getPerson(world: World, openid: string): Person {
  if (openid === '') throw refuse.openidMissing();
  const person = world.people.findByOpenid(world.officialAccount.appid, openid);
  if (!person) throw refuse.wrongOpenid();
  return person;
}

function describe({ officialAccount, platform }: World, person: Person): object {
  const openid = person.openids[officialAccount.appid]!;
  const unionid = platform.settings.openPlatformBound ? { unionid: person.unionid } : {};
  if (!person.follows) return { subscribe: 0, openid, ...unionid };
  const followedAt = officialAccount.followedAt.get(person.id) ?? officialAccount.createdAt;
  return {
    subscribe: 1,
    openid,
    language: 'zh_CN',
    subscribe_time: Math.floor(followedAt / 1000),
    ...unionid,
    remark: '',
    groupid: 0,
    tagid_list: [],
    subscribe_scene: 'ADD_SCENE_QR_CODE',
    qr_scene: 0,
    qr_scene_str: '',
  };
}

function listFollowers({ officialAccount, people }: World, after: string): object {
  const openids = people
    .all()
    .filter((person) => person.follows)
    .map((person) => person.openids[officialAccount.appid]!);
  const start = after === '' ? 0 : openids.indexOf(after) + 1;
  if (after !== '' && start === 0) throw refuse.wrongOpenid();
  const page = openids.slice(start, start + officialAccount.settings.followersPerPage);
  const isLast = start + page.length >= openids.length;
  return {
    total: openids.length,
    count: page.length,
    ...(page.length > 0 ? { data: { openid: page } } : {}),
    next_openid: isLast ? '' : page.at(-1)!,
  };
}

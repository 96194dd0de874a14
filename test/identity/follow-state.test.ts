import { Customer } from '../../entities/customer.ts';
import { Job } from '../../entities/job.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Person } from '../../simulator/src/people.ts';
import {
  type FollowChange,
  followChanged,
  learnFollower,
  learnFollowers,
  notFollowing,
  personalDataRevoked,
} from '../../src/identity/index.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld()));
afterAll(() => world.stop());
afterEach(() => world.wechat.world.faults.clear());

const appid = () => world.wechat.world.kit.officialAccount.appid;
const openidOf = (person: Person) => person.openids[appid()]!;
const told = (person: Person, follows: boolean, at: Date) => {
  const change: FollowChange = { appid: appid(), openid: openidOf(person), follows, at };
  return world.desk.transaction((work) => followChanged(work, change), { retryDuplicates: true });
};
const identityOf = async (person: Person) => (await world.rows(WechatIdentity, { openid: openidOf(person) }))[0];
const customerOf = async (person: Person) =>
  (await world.rows(Customer, { id: (await identityOf(person))!.customerId }))[0]!;
const noon = new Date('2026-03-02T04:00:00Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

/** Signed in with a name and a number, following; known in both apps. */
async function follower() {
  const person = world.person({ follows: true });
  const browser = world.browser(person);
  await browser.signIn('/app/oauth/start?scope=userinfo');
  const token = (await world.signInPhone(person)).body.data.token as string;
  await world.call(token, 'POST', '/app/me/phone', { code: world.phoneCode(person) });
  await world.doJobs();
  const me = async () => (await world.call(token, 'GET', '/app/me')).body.data;
  return { person, me };
}

describe('what a follow or unfollow push means', () => {
  it('makes a customer of a follower whom nobody has seen, and joins the login that comes later', async () => {
    const person = world.person({ follows: true });
    await told(person, true, noon);
    expect(await identityOf(person)).toMatchObject({ follow: 'following', followChangedAt: noon, unionid: null });
    await world.doJobs();
    expect(await identityOf(person)).toMatchObject({ follow: 'following', unionid: person.unionid });
    const { body } = await world.signInPhone(person);
    expect(body.data.customer.follows).toBe(true);
    expect(await world.rows(WechatIdentity, { customerId: (await customerOf(person)).id })).toHaveLength(2);
  });

  it('makes nobody of a stranger who unfollows', async () => {
    const person = world.person();
    await told(person, false, noon);
    expect(await identityOf(person)).toBeUndefined();
  });

  it('is the same however often it is told', async () => {
    const person = world.person();
    await Promise.all(Array.from({ length: 8 }, () => told(person, true, noon)));
    const [identity] = await world.rows(WechatIdentity, { openid: openidOf(person) });
    const jobs = await world.rows(Job, { uniqueKey: `identity.learn_follower:${identity!.id}` });
    expect(jobs).toHaveLength(1);
    expect(await world.rows(WechatIdentity, { customerId: identity!.customerId })).toHaveLength(1);
    await world.doJobs();
  });

  it.each([
    [
      'an unfollow after a newer follow',
      [
        [true, 0],
        [false, 5],
        [true, 10],
        [false, 5],
      ],
      'following',
      10,
    ],
    [
      'a follow after a newer unfollow',
      [
        [true, 0],
        [false, 10],
        [true, 5],
      ],
      'not_following',
      10,
    ],
    [
      'both in order',
      [
        [true, 0],
        [false, 5],
        [true, 10],
      ],
      'following',
      10,
    ],
  ] as const)('holds %s apart', async (_, pushes, follow, seconds) => {
    const person = world.person();
    for (const [follows, at] of pushes) await told(person, follows, after(at));
    expect(await identityOf(person)).toMatchObject({ follow, followChangedAt: after(seconds) });
  });

  it('deletes the name of whoever unfollows, and keeps what the contract needs', async () => {
    const { person, me } = await follower();
    expect(await me()).toMatchObject({ nickname: person.nickname, follows: true });
    const before = (await identityOf(person))!;
    await told(person, false, new Date(world.wechat.world.clock.now()));
    expect(await me()).toMatchObject({
      nickname: null,
      follows: false,
      phoneMasked: `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`,
    });
    expect(await identityOf(person)).toMatchObject({
      id: before.id,
      customerId: before.customerId,
      unionid: before.unionid,
    });
  });

  it('deletes the number when the mini-program may no longer know it, and the name when the account may not', async () => {
    const { person, me } = await follower();
    const { miniProgram } = world.wechat.world.kit;
    await world.desk.transaction((work) =>
      personalDataRevoked(work, { appid: miniProgram.appid, openid: person.openids[miniProgram.appid]! }),
    );
    expect(await me()).toMatchObject({ phoneMasked: null, nickname: person.nickname });
    await world.desk.transaction((work) => personalDataRevoked(work, { appid: appid(), openid: openidOf(person) }));
    expect((await me()).nickname).toBeNull();
    await world.desk.transaction((work) => personalDataRevoked(work, { appid: appid(), openid: 'oNobody' }));
  });
});

describe('asking WeChat who follows', () => {
  it('learns the state and the unionid of somebody who signed in silently', async () => {
    const person = world.person({ follows: true });
    await world.browser(person).signIn();
    expect(await identityOf(person)).toMatchObject({ follow: null, unionid: null });
    expect(await world.doJobs()).toBeGreaterThan(0);
    expect(await identityOf(person)).toMatchObject({
      follow: 'following',
      unionid: person.unionid,
      followChangedAt: expect.any(Date),
    });
  });

  it('does not ask about a person of whom all is known', async () => {
    const { person } = await follower();
    await world.browser(person).signIn();
    const { id } = (await identityOf(person))!;
    expect(await world.rows(Job, { uniqueKey: `identity.learn_follower:${id}` })).toEqual([]);
  });

  it('lets a push that came meanwhile win over the answer', async () => {
    const person = world.person();
    await world.browser(person).signIn();
    const { id } = (await identityOf(person))!;
    world.wechat.world.faults.add({ kind: 'delay-after-effect', path: '/cgi-bin/user/info', ms: 300 });
    const asking = learnFollower(world.desk, { identityId: id });
    await told(person, true, after(0));
    await asking;
    expect(await identityOf(person)).toMatchObject({ follow: 'following', followChangedAt: noon });
  });

  it('tries again later when WeChat is busy, and knows nothing until then', async () => {
    const person = world.person({ follows: true });
    await world.browser(person).signIn();
    const { id } = (await identityOf(person))!;
    world.wechat.world.faults.add({ kind: 'busy', path: '/cgi-bin/user/info', times: null });
    await world.doJobs();
    expect(await identityOf(person)).toMatchObject({ follow: null });
    expect(await world.rows(Job, { uniqueKey: `identity.learn_follower:${id}` })).toMatchObject([{ state: 'waiting' }]);
    world.wechat.world.faults.clear();
    await world.advance(10_000);
    await world.doJobs();
    expect(await identityOf(person)).toMatchObject({ follow: 'following' });
  });

  it('asks at once for whoever is about to be written to', async () => {
    const person = world.person({ follows: true });
    await world.browser(person).signIn();
    const identity = (await identityOf(person))!;
    await learnFollowers(world.desk, identity.customerId);
    expect((await identityOf(person))!.follow).toBe('following');
    const asked = world.wechat.world.calls.all('/cgi-bin/user/info').length;
    await learnFollowers(world.desk, identity.customerId);
    expect(world.wechat.world.calls.all('/cgi-bin/user/info')).toHaveLength(asked);
    await world.doJobs();
  });

  it('believes a refused message that the person does not follow', async () => {
    const { person, me } = await follower();
    await notFollowing(world.desk, appid(), openidOf(person));
    expect(await me()).toMatchObject({ follows: false, nickname: null });
    await told(person, true, new Date(world.wechat.world.clock.now()));
    expect((await me()).follows).toBe(true);
  });
});

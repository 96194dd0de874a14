import { startPlatform, type PlatformDriver } from './platform-support.ts';

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const get = async (path: string, query: object = {}) =>
  (await wechat.get(path, { access_token: await wechat.token(), ...query })).body;
const post = async (path: string, body: unknown) =>
  (await wechat.post(path, { access_token: await wechat.token() }, body)).body;

describe('followers', () => {
  it('tells a follower’s profile without a nickname', async () => {
    const lin = wechat.world.people.get('lin');
    const told = await get('/cgi-bin/user/info', { openid: wechat.openid('lin'), lang: 'zh_CN' });
    expect(told).toMatchObject({ subscribe: 1, openid: wechat.openid('lin'), unionid: lin.unionid });
    expect(Object.keys(told)).not.toContain('errcode');
    expect(Object.keys(told)).not.toContain('nickname');
  });

  it('tells only openid and unionid of somebody who does not follow, and when somebody began to', async () => {
    const openid = wechat.openid('chen');
    const { unionid } = wechat.world.people.get('chen');
    expect(await get('/cgi-bin/user/info', { openid })).toEqual({ subscribe: 0, openid, unionid });
    await wechat.advance(3600_000);
    await wechat.lever('/people/chen/follow');
    const { subscribe, subscribe_time: since } = await get('/cgi-bin/user/info', { openid });
    expect(subscribe).toBe(1);
    expect(Math.abs(since - wechat.world.clock.seconds())).toBeLessThan(10);
  });

  it('tells no unionid when the account is not bound to an Open Platform account', async () => {
    await wechat.lever('/platform/settings', { openPlatformBound: false });
    expect(await get('/cgi-bin/user/info', { openid: wechat.openid('lin') })).not.toHaveProperty('unionid');
  });

  it('refuses openids that are missing, invented or of the mini-program', async () => {
    expect((await get('/cgi-bin/user/info')).errcode).toBe(41009);
    expect((await get('/cgi-bin/user/info', { openid: 'oxxxxxxxxxxxxxxxxxxxxxxxxxxx' })).errcode).toBe(40003);
    expect((await get('/cgi-bin/user/info', { openid: wechat.openid('lin', 'mini-program') })).errcode).toBe(40003);
  });

  it('tells up to a hundred at once', async () => {
    const ask = (user_list: unknown) => post('/cgi-bin/user/info/batchget', { user_list });
    const told = await ask([{ openid: wechat.openid('lin') }, { openid: wechat.openid('chen'), lang: 'en' }]);
    expect(told.user_info_list.map((one: { subscribe: number }) => one.subscribe)).toEqual([1, 0]);
    expect((await ask([])).errcode).toBe(40032);
    expect((await ask(Array.from({ length: 101 }, () => ({ openid: wechat.openid('lin') })))).errcode).toBe(40032);
  });

  it('lists followers page by page', async () => {
    await wechat.lever('/people/chen/follow');
    await wechat.lever('/people/ouyang/follow');
    await wechat.lever('/official-account/settings', { followersPerPage: 2 });
    const first = await get('/cgi-bin/user/get', { next_openid: '' });
    expect(first).toMatchObject({ total: 3, count: 2, next_openid: first.data.openid[1] });
    const second = await get('/cgi-bin/user/get', { next_openid: first.next_openid });
    expect(second).toMatchObject({ total: 3, count: 1, next_openid: '' });
    expect([...first.data.openid, ...second.data.openid]).toEqual(
      ['lin', 'chen', 'ouyang'].map((id) => wechat.openid(id)),
    );
    expect((await get('/cgi-bin/user/get', { next_openid: 'nobody' })).errcode).toBe(40003);
  });

  it('has no list at all when nobody follows', async () => {
    await wechat.lever('/people/lin/unfollow');
    expect(await get('/cgi-bin/user/get')).toEqual({ total: 0, count: 0, next_openid: '' });
  });
});

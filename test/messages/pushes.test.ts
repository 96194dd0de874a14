import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Customer } from '../../entities/customer.ts';
import { Job } from '../../entities/job.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { WechatPush } from '../../entities/wechat-push.ts';
import { handlePush } from '../../src/messages/index.ts';
import { plainQuery, sealedPush, type Sender } from '../platform/wechat-api/push-sender.ts';
import { MessageWorld } from './message-world.ts';

let world: MessageWorld;
let account: Sender;
beforeAll(async () => {
  world = await MessageWorld.start();
  const { config } = world.test;
  account = {
    appid: config.OFFICIAL_ACCOUNT_APPID,
    token: config.OFFICIAL_ACCOUNT_PUSH_TOKEN,
    encodingAesKey: config.OFFICIAL_ACCOUNT_PUSH_KEY,
    now: () => new Date(),
  };
}, 60_000);
afterAll(() => world.stop());
afterEach(async () => {
  await world.lever('/official-account/settings', { pushes: 'auto' });
  await world.lever('/mini-program/settings', { pushes: 'auto' });
  await world.clear();
});

interface SentPush {
  id: string;
  what: string;
  state: string;
  attempts: { verdict: string; status: number; body: string; ms: number }[];
}

const pushes = () => world.desk.db.count(WechatPush);
const jobs = () => world.desk.db.count(Job);
const linesSince = (start: number) =>
  world.test.logged.slice(start).filter((line) => !line.includes('"msg":"request"'));
const post = async (
  query: Record<string, string>,
  body: string | Buffer,
  { path = '/wechat/official-account', type = 'text/xml' } = {},
) => {
  const answer = await fetch(`${world.test.origin}${path}?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: answer.status, text: await answer.text() };
};
/** One push of each account that is not sent by itself. */
const held = async (kind: 'official-account' | 'mini-program', what: () => Promise<unknown>) => {
  await world.lever(`/${kind}/settings`, { pushes: 'held' });
  await what();
  return (await world.lever<SentPush[]>('/pushes')).findLast(({ state }) => state === 'held')!;
};
const subscribeXml = (openid: string, createTime = Math.floor(Date.now() / 1000), more = '') =>
  `<xml><ToUserName><![CDATA[${world.test.config.OFFICIAL_ACCOUNT_ORIGINAL_ID}]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>${createTime}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>${more}</xml>`;
const anOpenid = () => `o${randomUUID().replaceAll('-', '').slice(0, 27)}`;

/** Refused, told in one line, and nothing follows: no row, no job, no call of ours. */
async function expectNothingFollows(
  send: () => Promise<{ status: number; text: string }>,
  status = 403,
): Promise<void> {
  const before = { pushes: await pushes(), jobs: await jobs(), lines: world.test.logged.length };
  const calls = (await world.calls('/')).length;
  const answer = await send();
  expect(answer).toMatchObject({ status, text: '' });
  expect(linesSince(before.lines)).toHaveLength(1);
  expect({ pushes: await pushes(), jobs: await jobs() }).toEqual({ pushes: before.pushes, jobs: before.jobs });
  expect(await world.calls('/')).toHaveLength(calls);
}

describe('A push that is not proved to be WeChat’s', () => {
  it.each([
    'unsigned',
    'signature',
    'msg-signature',
    'old-timestamp',
    'sealed-text',
    'appid',
    'to-user',
    'entities',
    'sealed-entities',
  ])('is refused at the account: %s', async (tamper) => {
    const { personId } = await world.customer();
    const push = await held('official-account', () => world.lever(`/people/${personId}/follow`, {}));
    await expectNothingFollows(async () => {
      const [attempt] = await world.lever<SentPush['attempts']>(`/pushes/${push.id}/send`, { tamper });
      return { status: attempt!.status, text: attempt!.body };
    });
  });

  it.each(['unsigned', 'signature', 'msg-signature', 'old-timestamp', 'sealed-text', 'appid', 'to-user'])(
    'is refused at the mini-program: %s',
    async (tamper) => {
      const { personId } = await world.customer();
      const push = await held('mini-program', () =>
        world.lever(`/people/${personId}/mini-program/subscribe`, world.asked()),
      );
      await expectNothingFollows(async () => {
        const [attempt] = await world.lever<SentPush['attempts']>(`/pushes/${push.id}/send`, { tamper });
        return { status: attempt!.status, text: attempt!.body };
      });
    },
  );

  it.each([
    ['an open message, rightly signed, where only sealed ones are taken', () => subscribeXml(anOpenid())],
    ['nothing', () => ''],
    ['no XML', () => 'hello'],
    ['JSON of another kind', () => '[1]'],
    ['no text at all', () => Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])],
  ])('is refused: %s', async (_what, body) => {
    await expectNothingFollows(() => post(plainQuery(account), body()));
  });

  it.each([
    ['a little more than is read', 64 * 1024 + 1],
    ['a megabyte', 1024 * 1024],
  ])('is refused for its size, whatever it says: %s', async (_what, bytes) => {
    const { query, body } = sealedPush(account, subscribeXml(anOpenid()));
    await expectNothingFollows(() => post(query, Buffer.concat([body, Buffer.alloc(bytes - body.length, ' ')])), 413);
  });

  it.each([
    ['without an event', '<MsgType>event</MsgType>'],
    ['with an openid that is none', '<FromUserName>o 1</FromUserName>'],
    ['with a time that is none', '<CreateTime>soon</CreateTime>'],
  ])('is refused although it is sealed by the right key: %s', async (_what, part) => {
    const name = /<(\w+)>/.exec(part)![1]!;
    const whole = subscribeXml(anOpenid()).replace(/<Event>.*<\/Event>/, name === 'MsgType' ? '' : '$&');
    const message = whole.replace(new RegExp(`<${name}>.*?</${name}>`), part);
    const { query, body } = sealedPush(account, message);
    await expectNothingFollows(() => post(query, body));
  });

  it('is refused when it is cut short on its way', async () => {
    const before = { pushes: await pushes(), jobs: await jobs() };
    const { query, body } = sealedPush(account, subscribeXml(anOpenid()));
    const { hostname, port } = new URL(world.test.origin);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /wechat/official-account?${new URLSearchParams(query).toString()} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.toString().slice(0, 100)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ pushes: await pushes(), jobs: await jobs() }).toEqual(before);
  });

  it('is refused when it was sealed for the other account', async () => {
    const { query, body } = sealedPush(account, subscribeXml(anOpenid()));
    await expectNothingFollows(() => post(query, body, { path: '/wechat/mini-program' }));
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('is no %s', async (method) => {
    const answer = await fetch(`${world.test.origin}/wechat/official-account`, { method });
    expect(answer.status).toBe(405);
  });
});

describe('A genuine push', () => {
  it('is kept and answered before anything follows from it', async () => {
    const openid = anOpenid();
    const { query, body } = sealedPush(account, subscribeXml(openid));
    expect(await post(query, body)).toEqual({ status: 200, text: 'success' });
    const row = (await world.desk.db.find(WechatPush, { order: { id: 'DESC' }, take: 1 }))[0]!;
    expect(row).toMatchObject({ kind: 'subscribe', handledAt: null });
    expect(row.contentSealed).not.toContain(openid);
    expect(await world.desk.db.findOneBy(WechatIdentity, { openid })).toBeNull();
    await world.test.settle();
    expect(await world.desk.db.findOneByOrFail(WechatPush, { id: row.id })).toMatchObject({
      handledAt: expect.any(Date),
    });
    expect(await world.desk.db.findOneByOrFail(WechatIdentity, { openid })).toMatchObject({ follow: 'following' });
  });

  it('is taken once, however often it is repeated at one instant', async () => {
    const { personId } = await world.customer();
    const push = await held('official-account', () => world.lever(`/people/${personId}/follow`, {}));
    const before = await pushes();
    const attempts = await world.lever<SentPush['attempts']>(`/pushes/${push.id}/send`, { times: 10, parallel: true });
    expect(attempts.map(({ verdict }) => verdict)).toEqual(Array(10).fill('acknowledged'));
    expect(await pushes()).toBe(before + 1);
    expect(await world.desk.db.countBy(Job, { kind: 'wechat.pushed' })).toBe(1);
  });

  it('with the id of a message that was pushed before is that message', async () => {
    const customer = await world.customer({ follows: true });
    const before = await pushes();
    for (const content of ['你好', '你好吗']) {
      await world.lever(`/people/${customer.personId}/text`, { content, msgId: '7312345678901234567' });
      await world.lever('/pushes/settled', {});
    }
    expect(await pushes()).toBe(before + 1);
    await world.test.settle();
    expect(world.test.logged.join('')).not.toContain('你好');
  });

  it('is worked on once: what the person told us since stays when its job is done again', async () => {
    const customer = await world.customer({ follows: true });
    await world.lever(`/people/${customer.personId}/unfollow`, {});
    await world.lever('/pushes/settled', {});
    await world.test.settle();
    const [push] = await world.desk.db.find(WechatPush, {
      where: { kind: 'unsubscribe' },
      order: { id: 'DESC' },
      take: 1,
    });
    const { customerId } = await world.desk.db.findOneByOrFail(WechatIdentity, { openid: customer.accountOpenid });
    await world.desk.transaction(async (work) => void (await work.db.update(Customer, customerId, { nickname: '晓' })));
    await handlePush(world.desk, { pushId: push!.id });
    expect((await world.desk.db.findOneByOrFail(Customer, { id: customerId })).nickname).toBe('晓');
  });

  it('in a hurry of fifty is kept fifty times, and each is answered', async () => {
    const before = await pushes();
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const { query, body } = sealedPush(account, subscribeXml(anOpenid()));
        return post(query, body);
      }),
    );
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['success']));
    expect(await pushes()).toBe(before + 50);
  });
});

describe('Following', () => {
  const followOf = async (openid: string) =>
    (await world.desk.db.findOneBy(WechatIdentity, { openid }))?.follow ?? 'unknown';
  const deed = async (personId: string, what: 'follow' | 'unfollow') => {
    await world.lever(`/people/${personId}/${what}`, {});
    await world.lever('/pushes/settled', {});
    await world.test.settle();
    await world.test.advance(1000);
  };

  it('and unfollowing change what we believe, and where messages go', async () => {
    const customer = await world.customer({ consents: 1 });
    await deed(customer.personId, 'follow');
    expect(await followOf(customer.accountOpenid)).toBe('following');
    expect(await world.told(customer)).toMatchObject({ channel: 'official-account' });
    await deed(customer.personId, 'unfollow');
    expect(await followOf(customer.accountOpenid)).toBe('not_following');
    expect(await world.told(customer)).toMatchObject({ channel: 'mini-program' });
    await deed(customer.personId, 'follow');
    expect(await followOf(customer.accountOpenid)).toBe('following');
  });

  it('is what the newest push says, in whatever order they come', async () => {
    const openid = anOpenid();
    const now = Math.floor(Date.now() / 1000);
    const send = async (event: string, at: number) => {
      const { query, body } = sealedPush(account, subscribeXml(openid, at).replace('subscribe', event));
      expect((await post(query, body)).text).toBe('success');
    };
    await send('subscribe', now - 20);
    await world.test.settle();
    await send('unsubscribe', now);
    await world.test.settle();
    await send('subscribe', now - 10);
    await world.test.settle();
    expect(await followOf(openid)).toBe('not_following');
  });

  it('of somebody who leaves without our ever having met them is nothing to us', async () => {
    const openid = anOpenid();
    const { query, body } = sealedPush(account, subscribeXml(openid).replace('subscribe', 'unsubscribe'));
    await post(query, body);
    await world.test.settle();
    expect(await followOf(openid)).toBe('unknown');
  });
});

describe('WeChat’s check of the address', () => {
  const check = async (path: string, query: Record<string, string>) => {
    const answer = await fetch(`${world.test.origin}${path}?${new URLSearchParams(query).toString()}`);
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
  };

  it('is answered to the letter', async () => {
    const answer = await check('/wechat/official-account', { ...plainQuery(account), echostr: '<b>8723</b>' });
    expect(answer).toMatchObject({ status: 200, text: '<b>8723</b>' });
    expect(answer.type).toContain('text/plain');
  });

  it.each([
    ['is unsigned', {}],
    ['says nothing', { echostr: '' }],
    ['is of another token', { signature: '0'.repeat(40) }],
  ])('is refused when it %s', async (what, change) => {
    const query = what === 'is unsigned' ? { echostr: 'x' } : { ...plainQuery(account), echostr: 'x', ...change };
    expect(await check('/wechat/official-account', query)).toMatchObject({ status: 403, text: '' });
  });
});

import type { ServerResponse } from 'node:http';
import { seal, signSorted, unseal } from '../../simulator/src/platform/message-crypto.ts';
import { startPlatform, startReceiver, type Body, type PlatformDriver, type ReceivedPush } from './platform-support.ts';

let wechat: PlatformDriver;
let ours: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  wechat = await startPlatform();
  ours = await startReceiver();
});
afterEach(async () => {
  await wechat.stop();
  await ours.stop();
});

const settings = (body: object) => wechat.lever('/official-account/settings', body);
const listen = (more: object = {}) => settings({ callbackUrl: ours.url, ...more });
const settled = () => wechat.lever('/pushes/settled');
const pushes = (): Promise<Body[]> => wechat.lever('/pushes', {}, 'GET');
const account = () => wechat.kit.officialAccount;

/** Checks like a careful receiver: both signatures, then the seal, then the appid. */
function open({ query, body }: ReceivedPush): string {
  const [timestamp, nonce] = [query.get('timestamp')!, query.get('nonce')!];
  const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(body)![1]!;
  expect(query.get('signature')).toBe(signSorted(account().token, timestamp, nonce));
  expect(query.get('msg_signature')).toBe(signSorted(account().token, timestamp, nonce, sealed));
  const opened = unseal(sealed, account().encodingAesKey);
  expect(opened.appid).toBe(account().appid);
  return opened.text;
}

const neverAnswer = () => undefined;
const sayNothingGood = (_push: ReceivedPush, response: ServerResponse) => {
  response.statusCode = 500;
  response.end('oops');
};

describe('the address in the console', () => {
  it('is taken after it echoed', async () => {
    const told = await listen();
    expect(told.callbackUrl).toBe(ours.url);
  });

  it('is refused, with everything that came with it, when it did not', async () => {
    const refused = await fetch(`${wechat.origin}/levers/official-account/settings`, {
      method: 'POST',
      body: JSON.stringify({ callbackUrl: `${wechat.origin}/nowhere`, mode: 'plain' }),
    });
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as Body).error).toContain('token验证失败');
    expect(wechat.world.officialAccount.settings).toMatchObject({ callbackUrl: '', mode: 'safe' });
  });

  it('may be set without asking', async () => {
    const told = await settings({ callbackUrl: 'http://127.0.0.1:9/', verify: false });
    expect(told.callbackUrl).toBe('http://127.0.0.1:9/');
  });

  it('refuses settings that do not exist', async () => {
    await expect(settings({ colour: 'red' })).rejects.toThrow('400');
    await expect(settings({ mode: 'loud' })).rejects.toThrow('400');
    await expect(settings({ callbackUrl: 'nowhere' })).rejects.toThrow('400');
    await expect(settings({ domains: { oauth: 'localhost' } })).rejects.toThrow('400');
  });
});

describe('the three modes', () => {
  it('safe: only the addressee is in the open', async () => {
    await listen();
    await wechat.lever('/people/chen/follow');
    await settled();
    const [push] = ours.received;
    expect(push!.headers['content-type']).toContain('text/xml');
    expect(push!.query.get('encrypt_type')).toBe('aes');
    expect(push!.body).toMatch(/^<xml><ToUserName>.*<\/ToUserName><Encrypt>.*<\/Encrypt><\/xml>$/);
    const text = open(push!);
    expect(text).toMatch(/^<xml><ToUserName><!\[CDATA\[gh_\w+\]\]><\/ToUserName><FromUserName>/);
    expect(text).toContain('<Event><![CDATA[subscribe]]></Event>');
    expect(text).toContain(wechat.openid('chen'));
  });

  it('compatible: the fields and the seal', async () => {
    await listen({ mode: 'compatible' });
    await wechat.lever('/people/lin/unfollow');
    await settled();
    const [push] = ours.received;
    expect(push!.body).toContain('<Event><![CDATA[unsubscribe]]></Event>');
    expect(open(push!)).toContain('<Event><![CDATA[unsubscribe]]></Event>');
  });

  it('plain: the fields, signed in the query', async () => {
    await listen({ mode: 'plain' });
    await wechat.lever('/people/chen/follow');
    await settled();
    const [push] = ours.received;
    expect(push!.body).not.toContain('Encrypt');
    expect([...push!.query.keys()]).toEqual(['signature', 'timestamp', 'nonce', 'openid']);
  });

  it('safe in JSON, for the mini-program', async () => {
    await wechat.lever('/mini-program/settings', { callbackUrl: ours.url });
    const { miniProgram } = wechat.kit;
    await wechat.lever('/people/lin/mini-program/subscribe', { templateIds: [miniProgram.templates[0]!.priTmplId] });
    await settled();
    const body = JSON.parse(ours.received[0]!.body);
    expect(Object.keys(body)).toEqual(['ToUserName', 'Encrypt']);
    const { text, appid } = unseal(body.Encrypt, miniProgram.encodingAesKey);
    expect(appid).toBe(miniProgram.appid);
    expect(JSON.parse(text)).toMatchObject({ Event: 'subscribe_msg_popup_event' });
  });
});

describe('what a person does', () => {
  it('follows and leaves, each told once', async () => {
    await listen({ mode: 'plain' });
    for (const deed of ['follow', 'follow', 'unfollow', 'unfollow']) await wechat.lever(`/people/chen/${deed}`);
    await settled();
    expect((await pushes()).map(({ content }) => content.Event)).toEqual(['subscribe', 'unsubscribe']);
  });

  it('scans a scene: as a stranger within the subscribe event, as a follower by a SCAN', async () => {
    await wechat.lever('/people/chen/follow', { scene: 'counter-7' });
    await wechat.lever('/people/chen/follow', { scene: 'counter-8' });
    const told = (await pushes()).map(({ content }) => [content.Event, content.EventKey]);
    expect(told).toEqual([
      ['subscribe', 'qrscene_counter-7'],
      ['SCAN', 'counter-8'],
    ]);
  });

  it('writes, with a MsgId beyond 2^53 or a repeated one', async () => {
    await listen({ mode: 'plain' });
    await wechat.lever('/people/lin/text', { content: '进度' });
    await wechat.lever('/people/lin/text', { content: '进度', msgId: '1234567890123456789' });
    await wechat.lever('/people/lin/text', { content: '进度', msgId: '1234567890123456789' });
    await settled();
    await expect(wechat.lever('/people/lin/text', { content: 'x', msgId: '1e3' })).rejects.toThrow('400');
    const ids = ours.received.map(({ body }) => /<MsgId>(\d+)<\/MsgId>/.exec(body)![1]);
    expect(ids.filter((id) => id === '1234567890123456789')).toHaveLength(2);
    expect(ids.every((id) => BigInt(id!) > 2n ** 53n)).toBe(true);
  });

  it('changes the account’s verification, by a lever that sends any event', async () => {
    const push = await wechat.lever('/official-account/events', {
      fields: { Event: 'verify_expired', FromUserName: 'oSystem', ExpiredTime: 1798761600 },
      createTime: 1798761601,
    });
    expect(push.content).toMatchObject({ Event: 'verify_expired', ExpiredTime: 1798761600, CreateTime: 1798761601 });
  });
});

describe('three tries', () => {
  it('have five seconds each and carry the same body under new signatures', async () => {
    await listen();
    ours.respond = neverAnswer;
    await wechat.lever('/people/chen/follow');
    await wechat.advance(4000);
    expect(ours.received.length).toBeLessThanOrEqual(1);
    await wechat.advance(20_000);
    expect(ours.received).toHaveLength(3);
    expect(new Set(ours.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(ours.received.map(({ query }) => query.get('nonce'))).size).toBe(3);
    for (const push of ours.received) open(push);
    const [push] = await pushes();
    expect(push.state).toBe('lost');
    expect(push.attempts.map(({ verdict }: Body) => verdict)).toEqual(['timeout', 'timeout', 'timeout']);
    const [first, second, third] = push.attempts.map(({ at }: Body) => at);
    expect([second - first, third - second].every((gap) => gap >= 5000 && gap < 6000)).toBe(true);
    await wechat.advance(600_000);
    expect(ours.received).toHaveLength(3);
  });

  it('end with the first good answer', async () => {
    await listen();
    let calls = 0;
    ours.respond = (push, response) => {
      calls += 1;
      if (calls === 1) sayNothingGood(push, response);
      else response.end('');
    };
    await wechat.lever('/people/chen/follow');
    await settled();
    await wechat.advance(60_000);
    const [push] = await pushes();
    expect(push.state).toBe('delivered');
    expect(push.attempts.map(({ verdict }: Body) => verdict)).toEqual(['bad-status', 'acknowledged']);
  });

  it.each([
    ['ok', 'bad-reply'],
    ['"success"', 'bad-reply'],
    ['success\n', 'bad-reply'],
    ['success', 'acknowledged'],
    ['', 'acknowledged'],
  ])('count the answer %j as %s', async (answer, verdict) => {
    await listen();
    ours.respond = (_push, response) => void response.end(answer);
    await wechat.lever('/people/chen/follow');
    await settled();
    expect((await pushes())[0].attempts[0].verdict).toBe(verdict);
  });

  it('find nobody when the address is dead', async () => {
    await settings({ callbackUrl: 'http://127.0.0.1:9/', verify: false });
    await wechat.lever('/people/chen/follow');
    await settled();
    await wechat.advance(10_000);
    expect((await pushes())[0].attempts.map(({ verdict }: Body) => verdict)).toEqual(Array(3).fill('unreachable'));
  });
});

describe('MarkFail', () => {
  it('drops what happens within a minute of repeated failures, then pushes again', async () => {
    await listen({ markFailAfter: 2 });
    ours.respond = sayNothingGood;
    await wechat.lever('/people/chen/follow');
    await wechat.lever('/people/ouyang/follow');
    await settled();
    await wechat.advance(15_000);
    expect((await pushes()).map(({ state }) => state)).toEqual(['lost', 'lost']);
    ours.respond = (_push, response) => void response.end('success');
    await wechat.lever('/people/chen/unfollow');
    await settled();
    expect((await pushes()).at(-1)).toMatchObject({ what: 'unsubscribe', state: 'dropped', attempts: [] });
    await wechat.advance(61_000);
    await wechat.lever('/people/ouyang/unfollow');
    await settled();
    expect((await pushes()).at(-1)).toMatchObject({ what: 'unsubscribe', state: 'delivered' });
  });
});

describe('pushes sent by lever', () => {
  const heldPush = async (more: object = {}) => {
    await listen({ pushes: 'held', ...more });
    await wechat.lever('/people/chen/follow');
    return (await pushes()).at(-1);
  };
  const send = (id: string, order: object = {}): Promise<Body[]> => wechat.lever(`/pushes/${id}/send`, order);

  it('wait while held, and go out of order', async () => {
    await heldPush();
    await wechat.lever('/people/chen/unfollow');
    const [first, second] = await pushes();
    expect([first.state, second.state, ours.received.length]).toEqual(['held', 'held', 0]);
    await send(second.id);
    await send(first.id);
    expect(ours.received.map(open).map((text) => /<Event><!\[CDATA\[(\w+)/.exec(text)![1])).toEqual([
      'unsubscribe',
      'subscribe',
    ]);
  });

  it('repeat, one after the other or all at once', async () => {
    const push = await heldPush();
    expect(await send(push.id, { times: 2 })).toHaveLength(2);
    expect(await send(push.id, { times: 5, parallel: true })).toHaveLength(5);
    expect(new Set(ours.received.map(({ body }) => body)).size).toBe(1);
    expect(ours.received).toHaveLength(7);
  });

  it('can be falsified, one thing at a time', async () => {
    const push = await heldPush();
    const received = async (tamper: string) => {
      await send(push.id, { tamper });
      return ours.received.at(-1)!;
    };
    const sealedIn = ({ body }: ReceivedPush) => /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)![1]!;
    const isSigned = (one: ReceivedPush, ...more: string[]) =>
      signSorted(account().token, one.query.get('timestamp')!, one.query.get('nonce')!, ...more) ===
      one.query.get(more.length > 0 ? 'msg_signature' : 'signature');

    expect([...(await received('unsigned')).query]).toEqual([]);
    expect(isSigned(await received('signature'))).toBe(false);
    const msgSignature = await received('msg-signature');
    expect([isSigned(msgSignature), isSigned(msgSignature, sealedIn(msgSignature))]).toEqual([true, false]);
    const old = await received('old-timestamp');
    expect([isSigned(old), wechat.world.clock.seconds() - Number(old.query.get('timestamp')) >= 3600]).toEqual([
      true,
      true,
    ]);
    const foreign = await received('appid');
    expect(isSigned(foreign, sealedIn(foreign))).toBe(true);
    expect(unseal(sealedIn(foreign), account().encodingAesKey).appid).not.toBe(account().appid);
    const broken = await received('sealed-text');
    expect(isSigned(broken, sealedIn(broken))).toBe(true);
    expect(() => open(broken)).toThrow();
    const bomb = await received('entities');
    expect(bomb.body).toMatch(/^<!DOCTYPE/);
    expect(isSigned(bomb, sealedIn(bomb))).toBe(true);
    expect(open(await received('sealed-entities'))).toMatch(/^<!DOCTYPE/);
    expect(open(await received('to-user'))).toContain('gh_0000000000ff');
    // The push itself is as it was.
    open((await send(push.id), ours.received.at(-1)!));
  });

  it('cannot be falsified where there is nothing to falsify', async () => {
    const push = await heldPush({ mode: 'plain' });
    await expect(send(push.id, { tamper: 'appid' })).rejects.toThrow('400');
    await expect(send(push.id, { tamper: 'nonsense' })).rejects.toThrow('400');
    await expect(send('push-none')).rejects.toThrow('404');
  });
});

describe('passive replies', () => {
  const reply = (content: string, from = account().originalId) =>
    `<xml><ToUserName><![CDATA[${wechat.openid('lin')}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content></xml>`;
  const sealedReply = (text: string, appid = account().appid, token = account().token) => {
    const sealed = seal(text, account().encodingAesKey, appid);
    const signature = signSorted(token, '1767225600', '42', sealed);
    return `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>1767225600</TimeStamp><Nonce>42</Nonce></xml>`;
  };
  const answerWith = async (text: string) => {
    ours.respond = (_push, response) => void response.end(text);
    await wechat.lever('/people/lin/text', { content: '你好' });
    await settled();
    return (await pushes()).at(-1).attempts[0];
  };

  it('reach the chat, sealed in safe mode', async () => {
    await listen();
    expect((await answerWith(sealedReply(reply('已收到')))).verdict).toBe('replied');
    expect(await wechat.lever('/messages?person=lin', {}, 'GET')).toMatchObject([{ kind: 'reply', text: '已收到' }]);
  });

  it('are bad when open in safe mode, wrongly signed, for another appid or from another account', async () => {
    await listen();
    const bad = [
      reply('x'),
      sealedReply(reply('x'), account().appid, 'wrong'),
      sealedReply(reply('x'), 'wx00'),
      sealedReply(reply('x', 'gh_other')),
    ];
    for (const text of bad) expect((await answerWith(text)).verdict).toBe('bad-reply');
    expect(await wechat.lever('/messages', {}, 'GET')).toEqual([]);
  });

  it('are open in plain mode', async () => {
    await listen({ mode: 'plain' });
    expect((await answerWith(reply('已收到'))).verdict).toBe('replied');
  });
});

import { startPlatform, startReceiver, type Body, type PlatformDriver } from './platform-support.ts';

const SEND = '/cgi-bin/message/template/send';
const FIELDS = {
  character_string1: { value: 'TB202606150001' },
  thing2: { value: '小程序微信认证' },
  amount3: { value: '￥199.00' },
  time4: { value: '2026年6月15日 12:00' },
};

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const templateId = () => wechat.kit.officialAccount.templates[0]!.templateId;
const message = (more: object = {}) => ({
  touser: wechat.openid('lin'),
  template_id: templateId(),
  data: FIELDS,
  ...more,
});
const send = async (more: object = {}): Promise<{ text: string; body: Body }> =>
  wechat.post(SEND, { access_token: await wechat.token() }, message(more));
const msgidOf = (text: string) => /"msgid":(\d+)\}$/.exec(text)?.[1];

describe('a template message', () => {
  it('reaches the follower with rows in the template’s order', async () => {
    await send({ url: 'https://example.com/orders/1' });
    const [card] = await wechat.lever('/messages?person=lin', {}, 'GET');
    expect(card).toMatchObject({
      kind: 'template',
      title: '订单支付成功通知',
      url: 'https://example.com/orders/1',
      rows: [
        { label: '订单编号', value: 'TB202606150001' },
        { label: '服务项目', value: '小程序微信认证' },
        { label: '支付金额', value: '￥199.00' },
        { label: '支付时间', value: '2026年6月15日 12:00' },
      ],
    });
  });

  it('answers a bare msgid that a float cannot hold', async () => {
    const { text } = await send();
    expect(text).toMatch(/^\{"errcode":0,"errmsg":"ok","msgid":\d{19}\}$/);
    const msgid = msgidOf(text)!;
    expect(String(BigInt(Number(msgid)))).not.toBe(msgid);
  });

  it('leads to the mini-program by its documented name, and only to the linked one', async () => {
    const appid = wechat.kit.miniProgram.appid;
    await send({ miniprogram: { appid, pagepath: 'pages/order?number=1' } });
    const [card] = await wechat.lever('/messages?person=lin', {}, 'GET');
    expect(card.miniprogram).toEqual({ appid, pagepath: 'pages/order?number=1' });
    expect((await send({ miniprogram: { appid: 'wxffffffffffffffff', pagepath: 'x' } })).body.errcode).toBe(40013);
  });

  it.each([
    ['nobody', { touser: 'nobody' }, 40003],
    ['no template', { template_id: '' }, 40036],
    ['another template', { template_id: 'x'.repeat(43) }, 40037],
    ['no data', { data: undefined }, 47003],
  ])('refuses %s', async (_what, more, code) => {
    expect((await send(more)).body.errcode).toBe(code);
  });

  it('refuses an openid of the mini-program and a person who does not follow', async () => {
    expect((await send({ touser: wechat.openid('lin', 'mini-program') })).body.errcode).toBe(40003);
    expect((await send({ touser: wechat.openid('chen') })).body.errcode).toBe(43004);
  });

  it.each([
    ['too long', { ...FIELDS, thing2: { value: '一'.repeat(21) } }, 'data.thing2.value'],
    ['a missing key', { ...FIELDS, time4: undefined }, 'data.time4.value'],
    ['an extra key', { ...FIELDS, thing5: { value: 'x' } }, 'data.thing5'],
    ['an empty value', { ...FIELDS, amount3: { value: '' } }, 'data.amount3.value'],
  ])('names the field that is at fault: %s', async (_what, data, field) => {
    const { body } = await send({ data });
    expect(body.errcode).toBe(47003);
    expect(body.errmsg.startsWith(`argument invalid! ${field} invalid rid: `)).toBe(true);
    expect(await wechat.lever('/messages', {}, 'GET')).toEqual([]);
  });

  it('may call an empty value irregular content instead', async () => {
    await wechat.lever('/official-account/settings', { emptyValueCode: 40250 });
    expect((await send({ data: { ...FIELDS, amount3: { value: '' } } })).body.errcode).toBe(40250);
    expect((await send({ data: { ...FIELDS, amount3: { value: 'x' } } })).body.errcode).toBe(47003);
  });

  it.each(['43101', '48002', '43019'])(
    'is refused with %s when the person blocks the account',
    async (blockedAnswer) => {
      await wechat.lever('/people/lin/block', { blocked: true });
      await wechat.lever('/official-account/settings', { blockedAnswer });
      expect((await send()).body.errcode).toBe(Number(blockedAnswer));
      await wechat.lever('/people/lin/block', { blocked: false });
      expect((await send()).body.errcode).toBe(0);
    },
  );

  it('stops at the day’s limit', async () => {
    await wechat.lever('/official-account/quotas', { path: SEND, used: 99_999 });
    expect((await send()).body.errcode).toBe(0);
    expect((await send()).body.errcode).toBe(45009);
  });

  it('wants a POST with a body of JSON', async () => {
    const access_token = await wechat.token();
    expect((await wechat.get(SEND, { access_token })).body.errcode).toBe(43002);
    expect((await wechat.post(SEND, { access_token }, '')).body.errcode).toBe(44002);
    expect((await wechat.post(SEND, { access_token }, '{"touser":')).body.errcode).toBe(47001);
  });
});

describe('client_msg_id', () => {
  it('makes one message of two calls for ten minutes, a person at a time', async () => {
    await wechat.lever('/people/chen/follow');
    const first = await send({ client_msg_id: 'delivery-1' });
    const again = await send({ client_msg_id: 'delivery-1' });
    const other = await send({ client_msg_id: 'delivery-1', touser: wechat.openid('chen') });
    expect(msgidOf(again.text)).toBe(msgidOf(first.text));
    expect(msgidOf(other.text)).not.toBe(msgidOf(first.text));
    expect(await wechat.lever('/messages?person=lin', {}, 'GET')).toHaveLength(1);
    await wechat.advance(10 * 60_000 + 1000);
    expect(msgidOf((await send({ client_msg_id: 'delivery-1' })).text)).not.toBe(msgidOf(first.text));
  });

  it('can be refused when repeated', async () => {
    await wechat.lever('/official-account/settings', { repeatedClientMsgId: 'refused' });
    await send({ client_msg_id: 'delivery-1' });
    expect((await send({ client_msg_id: 'delivery-1' })).body.errcode).toBe(45065);
  });
});

describe('the finish event', () => {
  it('follows within three seconds, once, with the message’s id', async () => {
    const receiver = await startReceiver();
    await wechat.lever('/official-account/settings', { mode: 'plain', callbackUrl: receiver.url });
    const msgid = msgidOf((await send()).text);
    expect(receiver.received).toHaveLength(0);
    await wechat.advance(3000);
    await wechat.advance(60_000);
    expect(receiver.received).toHaveLength(1);
    const { body } = receiver.received[0]!;
    expect(body).toContain('<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>');
    expect(body).toContain(`<MsgID>${msgid}</MsgID>`);
    expect(body).toContain('<Status><![CDATA[success]]></Status>');
    expect(body).toContain(`<FromUserName><![CDATA[${wechat.openid('lin')}]]></FromUserName>`);
    await receiver.stop();
  });

  it('says that the person blocked the account, when the call did not', async () => {
    await wechat.lever('/people/lin/block');
    await wechat.lever('/official-account/settings', { blockedAnswer: 'finish-event' });
    expect((await send()).body.errcode).toBe(0);
    await wechat.advance(3000);
    const [event] = await wechat.lever('/pushes', {}, 'GET');
    expect(event.content).toMatchObject({ Event: 'TEMPLATESENDJOBFINISH', Status: 'failed:user block' });
  });

  it('waits for a lever when held, and says what the lever says', async () => {
    await wechat.lever('/official-account/settings', { finishEvents: 'held' });
    const msgid = msgidOf((await send()).text);
    await wechat.advance(60_000);
    expect(await wechat.lever('/pushes', {}, 'GET')).toEqual([]);
    const push = await wechat.lever(`/messages/${msgid}/finish`, { status: 'failed: system failed' });
    expect(push.content).toMatchObject({ MsgID: msgid, Status: 'failed: system failed' });
  });

  it('does not come by itself after a lever sent it', async () => {
    const msgid = msgidOf((await send()).text);
    await wechat.lever(`/messages/${msgid}/finish`);
    await wechat.advance(60_000);
    expect(await wechat.lever('/pushes', {}, 'GET')).toHaveLength(1);
  });

  it('never comes when dropped', async () => {
    await wechat.lever('/official-account/settings', { finishEvents: 'drop' });
    await send();
    await wechat.advance(60_000);
    expect(await wechat.lever('/pushes', {}, 'GET')).toEqual([]);
  });
});

describe('the template list', () => {
  it('shows what there is, without an errcode', async () => {
    const { body } = await wechat.get('/cgi-bin/template/get_all_private_template', {
      access_token: await wechat.token(),
    });
    expect(Object.keys(body)).toEqual(['template_list']);
    expect(body.template_list[0]).toMatchObject({
      template_id: templateId(),
      title: '订单支付成功通知',
      content: expect.stringContaining('{{character_string1.DATA}}'),
    });
  });

  it('takes templates in and out, up to twenty-five', async () => {
    const query = { access_token: await wechat.token() };
    const add = async (more: object) =>
      (
        await wechat.post('/cgi-bin/template/api_add_template', query, {
          template_id_short: '43219',
          keyword_name_list: ['订单编号', '办理状态'],
          ...more,
        })
      ).body;
    const before = wechat.kit.officialAccount.templates.length;
    const { template_id: added } = await add({});
    expect(added).toHaveLength(43);
    expect(
      (await send({ template_id: added, data: { character_string1: { value: 'TB1' }, phrase2: { value: '办理中' } } }))
        .body.errcode,
    ).toBe(0);
    expect((await add({ keyword_name_list: [] })).errcode).toBe(40246);
    expect((await add({ template_id_short: 'x' })).errcode).toBe(40037);
    for (let count = before + 1; count < 25; count += 1) expect((await add({})).errcode).toBe(0);
    expect((await add({})).errcode).toBe(45026);
    const remove = async () =>
      (await wechat.post('/cgi-bin/template/del_private_template', query, { template_id: added })).body.errcode;
    expect([await remove(), await remove()]).toEqual([0, 40037]);
    expect((await send({ template_id: added })).body.errcode).toBe(40037);
  });
});

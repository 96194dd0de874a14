import { startPlatform, startReceiver, type Body, type PlatformDriver } from './platform-support.ts';

const SEND = '/cgi-bin/message/subscribe/send';
const FIELDS = {
  character_string1: { value: 'TB202606150001' },
  thing2: { value: '小程序微信认证' },
  amount3: { value: '￥199.00' },
  time4: { value: '2026-06-15 12:00' },
};

let wechat: PlatformDriver;
beforeEach(async () => {
  wechat = await startPlatform();
});
afterEach(() => wechat.stop());

const templateId = () => wechat.kit.miniProgram.templates[0]!.priTmplId;
const sendText = async (more: object = {}) =>
  wechat.post(
    SEND,
    { access_token: await wechat.token('mini-program') },
    { touser: wechat.openid('lin', 'mini-program'), template_id: templateId(), data: FIELDS, ...more },
  );
const send = async (more: object = {}): Promise<Body> => (await sendText(more)).body;
const answerDialog = (answer: unknown, templateIds: string[] = [templateId()]) =>
  wechat.lever('/people/lin/mini-program/subscribe', { templateIds, answer });
const addTemplate = (more: object) =>
  wechat.lever('/mini-program/templates', { title: '办理进度通知', content: '进度：{{phrase1.DATA}}', ...more });

describe('consent to subscribe messages', () => {
  it('is one message an accept, and accepts add up', async () => {
    expect((await send()).errcode).toBe(43101);
    await answerDialog('accept');
    await answerDialog('accept');
    expect([(await send()).errcode, (await send()).errcode, (await send()).errcode]).toEqual([0, 0, 43101]);
  });

  it('is not used up by a refused send', async () => {
    await answerDialog('accept');
    expect((await send({ data: {} })).errcode).toBe(47003);
    expect((await send()).errcode).toBe(0);
  });

  it('keeps no date', async () => {
    await answerDialog('accept');
    await wechat.advance(400 * 86_400_000);
    expect((await send()).errcode).toBe(0);
  });

  it('is not taken back by rejecting a later dialog, but by the settings', async () => {
    await answerDialog('accept');
    expect(await answerDialog('reject')).toEqual({ errMsg: 'requestSubscribeMessage:ok', [templateId()]: 'reject' });
    const { left } = await wechat.lever('/people/lin/mini-program/subscription', {}, 'GET');
    expect(left[templateId()]).toBe(1);
    await wechat.lever('/people/lin/mini-program/subscription', { templateId: templateId(), status: 'reject' });
    expect((await send()).errcode).toBe(43101);
  });

  it('lasts for a long-term template until it is turned off', async () => {
    await addTemplate({ templateId: 'LONG', type: 3 });
    await answerDialog('accept', ['LONG']);
    const order = { template_id: 'LONG', data: { phrase1: { value: '办理中' } } };
    expect([(await send(order)).errcode, (await send(order)).errcode]).toEqual([0, 0]);
    await wechat.lever('/people/lin/mini-program/subscription', { templateId: 'LONG', status: 'reject' });
    expect((await send(order)).errcode).toBe(43101);
  });

  it('belongs to one person and one template', async () => {
    await addTemplate({ templateId: 'OTHER' });
    await answerDialog('accept');
    expect((await send({ touser: wechat.openid('chen', 'mini-program') })).errcode).toBe(43101);
    expect((await send({ template_id: 'OTHER', data: { phrase1: { value: '办理中' } } })).errcode).toBe(43101);
  });
});

describe('the dialog', () => {
  it('has the client’s own rules', async () => {
    await addTemplate({ templateId: 'SAME', title: '订单支付成功通知' });
    await addTemplate({ templateId: 'LONG', type: 3 });
    const code = async (ids: string[]) => (await answerDialog('accept', ids)).errCode;
    expect(await code([])).toBe(10001);
    expect(await code(['nothing'])).toBe(20001);
    expect(await code([templateId(), 'LONG'])).toBe(20002);
    expect(await code(Array.from({ length: 6 }, templateId))).toBe(20003);
    expect(await answerDialog('accept', [templateId(), 'SAME'])).toEqual({
      errMsg: 'requestSubscribeMessage:ok',
      [templateId()]: 'accept',
      SAME: 'filter',
    });
    await wechat.lever('/people/lin/mini-program/subscription', { mainSwitchOff: true });
    expect(await code([templateId()])).toBe(20004);
    expect((await send()).errcode).toBe(43101);
  });
});

describe('a subscribe message', () => {
  it('shows its rows and leads to its page', async () => {
    await answerDialog('accept');
    const { text } = await sendText({ page: 'pages/order?number=1', miniprogram_state: 'trial' });
    expect(text).toMatch(/^\{"errcode":0,"errmsg":"ok","msgid":\d{19}\}$/);
    const [card] = await wechat.lever('/messages?person=lin', {}, 'GET');
    expect(card).toMatchObject({ kind: 'subscribe', page: 'pages/order?number=1', miniprogramState: 'trial' });
    expect(card.rows[1]).toEqual({ label: '服务项目', value: '小程序微信认证' });
  });

  it('refuses wrong openids, templates, pages, states and languages', async () => {
    await wechat.lever('/mini-program/settings', { pages: ['pages/order'] });
    await answerDialog('accept');
    expect((await send({ touser: wechat.openid('lin') })).errcode).toBe(40003);
    expect((await send({ template_id: 'nothing' })).errcode).toBe(40037);
    expect((await send({ page: 'pages/nowhere?a=1' })).errcode).toBe(41030);
    expect((await send({ miniprogram_state: 'beta' })).errcode).toBe(47003);
    expect((await send({ lang: 'fr' })).errcode).toBe(47003);
    expect((await send({ page: 'pages/order?a=1', lang: 'en_US' })).errcode).toBe(0);
  });

  it('names the field at fault', async () => {
    await answerDialog('accept');
    const { errcode, errmsg } = await send({ data: { ...FIELDS, amount3: { value: '199块' } } });
    expect([errcode, errmsg.split(' rid')[0]]).toEqual([47003, 'argument invalid! data.amount3.value invalid']);
  });

  it('refuses parallel sends to one person, not to two', async () => {
    await wechat.lever('/mini-program/settings', { sendTakesMs: 100 });
    await answerDialog('accept');
    await answerDialog('accept');
    await wechat.lever('/people/chen/mini-program/subscribe', { templateIds: [templateId()], answer: 'accept' });
    const access_token = await wechat.token('mini-program');
    const order = (id: string) => ({
      touser: wechat.openid(id, 'mini-program'),
      template_id: templateId(),
      data: FIELDS,
    });
    const answers = await Promise.all(
      ['lin', 'lin', 'chen'].map((id) => wechat.post(SEND, { access_token }, order(id))),
    );
    const [one, two, chen] = answers.map(({ body }) => body.errcode);
    expect([one, two].toSorted()).toEqual([0, 43108]);
    expect(chen).toBe(0);
    expect((await send()).errcode).toBe(0);
  });

  it('cannot be sent with the official account’s token', async () => {
    const { body } = await wechat.post(SEND, { access_token: await wechat.token() }, {});
    expect(body.errcode).toBe(48001);
  });
});

describe('pushes about subscribe messages', () => {
  it('tell of the dialog, of the settings and of the delivery, in JSON', async () => {
    const receiver = await startReceiver();
    await wechat.lever('/mini-program/settings', { mode: 'plain', callbackUrl: receiver.url });
    await answerDialog('accept');
    await wechat.lever('/pushes/settled');
    const { text } = await sendText();
    await wechat.advance(3000);
    await wechat.lever('/people/lin/mini-program/subscription', { templateId: templateId(), status: 'reject' });
    await wechat.lever('/pushes/settled');
    const common = {
      ToUserName: wechat.kit.miniProgram.originalId,
      FromUserName: wechat.openid('lin', 'mini-program'),
      CreateTime: expect.stringMatching(/^\d{10}$/),
      MsgType: 'event',
    };
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        ...common,
        Event: 'subscribe_msg_popup_event',
        List: { TemplateId: templateId(), SubscribeStatusString: 'accept', PopupScene: '0' },
      },
      {
        ...common,
        Event: 'subscribe_msg_sent_event',
        List: {
          TemplateId: templateId(),
          MsgID: /"msgid":(\d+)/.exec(text)![1],
          ErrorCode: '0',
          ErrorStatus: 'success',
        },
      },
      {
        ...common,
        Event: 'subscribe_msg_change_event',
        List: { TemplateId: templateId(), SubscribeStatusString: 'reject' },
      },
    ]);
    await receiver.stop();
  });

  it('come with a list and with numbers when so set, and in XML under their own element', async () => {
    const receiver = await startReceiver();
    await addTemplate({ templateId: 'OTHER' });
    await wechat.lever('/mini-program/settings', {
      mode: 'plain',
      callbackUrl: receiver.url,
      singleListAs: 'array',
      numbersAs: 'number',
    });
    await answerDialog('accept');
    await wechat.lever('/mini-program/settings', { pushFormat: 'xml' });
    await answerDialog({ [templateId()]: 'accept', OTHER: 'reject' }, [templateId(), 'OTHER']);
    await wechat.lever('/pushes/settled');
    const bodies = receiver.received.map(({ body }) => body);
    const json = JSON.parse(bodies.find((body) => body.startsWith('{'))!);
    expect(json.List).toEqual([{ TemplateId: templateId(), SubscribeStatusString: 'accept', PopupScene: 0 }]);
    expect(typeof json.CreateTime).toBe('number');
    const xml = bodies.find((body) => body.startsWith('<xml>'))!;
    expect(xml).toMatch(/<SubscribeMsgPopupEvent><List>.*<\/List><List>.*<\/List><\/SubscribeMsgPopupEvent>/);
    await receiver.stop();
  });
});

describe('the template list of the mini-program', () => {
  it('shows kinds and the values of enumerations', async () => {
    await addTemplate({
      templateId: 'ENUM',
      content: '结果：{{enum_string1.DATA}}',
      enumValues: { enum_string1: ['通过'] },
    });
    const { body } = await wechat.get('/wxaapi/newtmpl/gettemplate', {
      access_token: await wechat.token('mini-program'),
    });
    expect(body).toMatchObject({ errcode: 0 });
    expect(body.data[0]).toMatchObject({ priTmplId: templateId(), type: 2 });
    const added = body.data.at(-1);
    expect(added.priTmplId).toBe('ENUM');
    expect(added.keywordEnumValueList).toEqual([{ keywordCode: 'enum_string1.DATA', enumValueList: ['通过'] }]);
  });
});

import { MessageBinding } from '../../entities/message-binding.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { AuditEntryView, MessageTemplateView } from '../../src/contracts/index.ts';
import { adoptBindings, askForSync, syncTemplates } from '../../src/messages/index.ts';
import { messageTemplates } from '../../templates/messages/index.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { MessageWorld } from './message-world.ts';

let world: MessageWorld;
let editor: StaffClient;
beforeEach(async () => {
  world = await MessageWorld.start({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  editor = await buildStaff(world.test, ['content_editor', 'auditor']);
}, 60_000);
afterEach(() => world.stop());

const view = async (message = 'order-paid') =>
  (await editor.data<MessageTemplateView[]>('GET', '/staff/message-templates')).find((one) => one.message === message)!;
const account = async (message?: string) =>
  (await view(message)).bindings.find(({ app }) => app === 'official-account')!;
const address = (app = 'official-account') => `/staff/message-templates/order-paid/bindings/${app}`;
/** A template more at WeChat. */
const add = (app: string, templateId: string, content: string, more: object = {}) =>
  world.lever(`/${app}/templates`, { templateId, title: '另一种通知', content, ...more });
const FITTING = '单号：{{character_string1.DATA}}\n服务：{{thing2.DATA}}\n金额：{{amount3.DATA}}\n时间：{{time4.DATA}}';

describe('The templates of all messages', () => {
  it('fit what the stand-in WeChat has, in both apps, once they were compared', async () => {
    expect((await account()).state).toBe('unchecked');
    await askForSync(world.desk);
    await world.test.settle();
    const all = await editor.data<MessageTemplateView[]>('GET', '/staff/message-templates');
    expect(all.map(({ message }) => message).toSorted()).toEqual(Object.keys(messageTemplates).toSorted());
    for (const { message, bindings } of all)
      expect([message, bindings.map(({ state, faults }) => [state, faults])]).toEqual([
        message,
        [
          ['usable', []],
          ['usable', []],
        ],
      ]);
    expect(world.test.logged.join('\n')).not.toContain('does not fit');
  });

  it.each<[string, string, object[]]>([
    ['a field less', FITTING.replace('服务：{{thing2.DATA}}\n', ''), [{ code: 'field_absent', field: 'thing2' }]],
    ['a field more', `${FITTING}\n备注：{{thing5.DATA}}`, [{ code: 'field_unfilled', field: 'thing5' }]],
    [
      'another kind',
      FITTING.replace('thing2', 'phrase2'),
      [{ code: 'kind_differs', field: 'thing2', theirs: 'phrase2' }],
    ],
    ['first and remark, which WeChat drops', `{{first.DATA}}\n${FITTING}\n{{remark.DATA}}`, []],
  ])('with %s is told from one that fits, and blocks that message alone', async (_what, content, faults) => {
    await add('official-account', 'Another', content);
    await editor.data('PUT', address(), { templateId: 'Another' });
    expect(await account()).toMatchObject({ state: faults.length > 0 ? 'faulty' : 'usable', faults, boundBy: 'staff' });
    const customer = await world.customer({ follows: true });
    if (faults.length === 0) return expect(await world.told(customer)).toMatchObject({ state: 'accepted' });
    // Nothing is sent, nothing is lost: it waits for somebody to mend the template, and then goes out.
    expect(await world.told(customer)).toMatchObject({ state: 'waiting' });
    expect(await world.calls('/cgi-bin/message/template/send')).toEqual([]);
    expect((await account('refund-arrived')).state).not.toBe('faulty');
    expect(await editor.codeOf('DELETE', address())).toBe(204);
    await world.test.advance(31 * 60_000);
    expect(await world.desk.db.findOneByOrFail(MessageDelivery, {})).toMatchObject({ state: 'accepted' });
  });

  it('that WeChat does not have is absent, and one whose values are fewer than ours differs', async () => {
    const [result] = (await view('result-announced')).fields.filter(({ field }) => field.startsWith('phrase'));
    const content = (await view('result-announced')).fields.map(({ field, label }) => `${label}：{{${field}.DATA}}`);
    const bindings = '/staff/message-templates/result-announced/bindings/mini-program';
    const bound = async (templateId: string) =>
      (await editor.data<MessageTemplateView>('PUT', bindings, { templateId })).bindings[1];
    expect(await bound('Nowhere')).toMatchObject({
      state: 'faulty',
      faults: [{ code: 'template_absent', field: null }],
    });
    const enumValues = (values: string[]) => ({ enumValues: { [result!.field]: values } });
    await add('mini-program', 'Fewer', content.join('\n'), enumValues(['通过', '不通过']));
    expect(await bound('Fewer')).toMatchObject({
      state: 'faulty',
      faults: [{ code: 'values_differ', field: result!.field, theirs: '通过、不通过' }],
    });
    await add('mini-program', 'Enough', content.join('\n'), enumValues(['通过', '不通过', '待审核', '其他']));
    expect(await bound('Enough')).toMatchObject({ state: 'usable', faults: [] });
  });

  it('that changed at WeChat is found by the next comparison', async () => {
    await editor.data('POST', '/staff/message-templates/sync');
    expect((await account()).state).toBe('usable');
    await world.lever(`/official-account/templates/${(await account()).templateId}`, undefined, 'DELETE');
    await syncTemplates(world.desk);
    expect((await account()).faults).toMatchObject([{ code: 'template_absent' }]);
    expect(world.test.logged.join('\n')).toContain('a template does not fit its message');
  });

  it('are left as they are when WeChat shows none because the account may not', async () => {
    await world.lever('/official-account/settings', { standing: 'unauthorised' });
    await syncTemplates(world.desk);
    expect((await account()).state).toBe('unchecked');
    expect((await view()).bindings[1]!.state).toBe('usable');
  });
});

describe('Binding a template', () => {
  it('outlives a restart, and gives way to the configuration when taken back', async () => {
    const { templateId: configured } = await account();
    await add('official-account', 'Ours', FITTING);
    await editor.data('PUT', address(), { templateId: 'Ours' });
    await adoptBindings(world.desk);
    expect(await account()).toMatchObject({ templateId: 'Ours', boundBy: 'staff', state: 'usable' });
    expect(await editor.codeOf('DELETE', address())).toBe(204);
    expect(await account()).toMatchObject({ templateId: configured, boundBy: 'configuration', state: 'unchecked' });
    expect(await editor.codeOf('DELETE', address())).toBe('message.not_bound');
    const trail = await editor.data<AuditEntryView[]>('GET', '/staff/audit?limit=2');
    expect(trail).toMatchObject([
      { deed: 'template-unbound', before: { templateId: 'Ours' } },
      { deed: 'template-bound', before: { templateId: configured }, after: { templateId: 'Ours' } },
    ]);
  });

  it('by the configuration follows it, with many starting at once', async () => {
    const { desk } = world;
    const config = { ...desk.config, OFFICIAL_ACCOUNT_TEMPLATES: { 'order-paid': 'Moved', 'follow-up': 'F' } };
    await Promise.all(
      [1, 2, 3].map(() =>
        adoptBindings({
          ...desk,
          config,
          transaction: (deed, options) => desk.transaction((work) => deed({ ...work, config }), options),
        }),
      ),
    );
    const rows = await desk.db.findBy(MessageBinding, { appKind: 'official-account' });
    expect(rows.map(({ message, templateId }) => [message, templateId]).toSorted()).toEqual([
      ['follow-up', 'F'],
      ['order-paid', 'Moved'],
    ]);
  });

  it.each([
    ['PUT', '/staff/message-templates/no-such/bindings/official-account', { templateId: 'X' }, 'message.not_found'],
    ['PUT', '/staff/message-templates/toString/bindings/official-account', { templateId: 'X' }, 'message.not_found'],
    ['PUT', '/staff/message-templates/order-paid/bindings/telegram', { templateId: 'X' }, 'request.invalid'],
    ['PUT', '/staff/message-templates/order-paid/bindings/mini-program', { templateId: '模板' }, 'request.invalid'],
    ['POST', '/staff/message-templates/no-such/preview', { facts: {} }, 'message.not_found'],
    ['POST', '/staff/message-templates/no-such/bindings/mini-program/resume', {}, 'message.not_found'],
  ])('%s %s is refused when it means nothing', async (method, where, body, code) => {
    expect(await editor.codeOf(method, where, body)).toBe(code);
  });

  it('is for who manages templates', async () => {
    const consultant = await buildStaff(world.test, ['consultant']);
    expect(await consultant.codeOf('GET', '/staff/message-templates')).toBe(200);
    expect(await consultant.codeOf('PUT', address(), { templateId: 'X' })).toBe('staff.not_allowed');
    const finance = await buildStaff(world.test, ['finance']);
    expect(await finance.codeOf('GET', '/staff/message-templates')).toBe('staff.not_allowed');
    const key = await editor.data<{ key: string }>('POST', '/staff/api-keys', {
      name: '只读',
      permissions: ['read-messages'],
      days: 1,
    });
    const machine = editor.withToken(key.key);
    expect(await machine.codeOf('GET', '/staff/message-templates')).toBe(200);
    // Its maker may; the key does not say so.
    expect(await machine.codeOf('PUT', address(), { templateId: 'X' })).toBe('staff.not_allowed');
  });
});

describe('A template that WeChat refuses', () => {
  it.each([
    [40037, 'template_unknown'],
    [43116, 'template_banned'],
  ])(
    'with %d is stopped at once, the other way is used, and it goes on when somebody resumes it',
    async (errcode, reason) => {
      await world.fault('/cgi-bin/message/template/send', 'code', { code: errcode, times: 1 });
      const both = await world.customer({ follows: true, consents: 1 });
      expect(await world.told(both)).toMatchObject({ state: 'accepted', channel: 'mini-program' });
      expect(await account()).toMatchObject({ state: 'stopped', stopReason: reason });
      expect(world.test.logged.filter((line) => line.includes('a template was stopped'))).toHaveLength(1);

      // Nobody else is bothered with it.
      const follower = await world.customer({ follows: true });
      expect(await world.told(follower)).toMatchObject({ state: 'waiting' });
      expect(await world.calls('/cgi-bin/message/template/send')).toHaveLength(1);
      expect((await account('refund-arrived')).state).not.toBe('stopped');

      const view = await editor.data<MessageTemplateView>('POST', `${address()}/resume`);
      expect(view.bindings[0]).toMatchObject({ state: 'usable', stoppedAt: null });
      await world.test.advance(31 * 60_000);
      expect(await world.calls('/cgi-bin/message/template/send')).toHaveLength(2);
      expect(await world.desk.db.countBy(MessageDelivery, { state: 'accepted' })).toBe(2);
    },
  );

  it('and nobody mends keeps a message for three days, not for ever', async () => {
    await world.fault('/cgi-bin/message/template/send', 'code', { code: 40037, times: 1 });
    const customer = await world.customer({ follows: true });
    await world.told(customer);
    for (let day = 0; day < 4; day += 1) await world.test.advance(24 * 3600_000);
    expect(await world.desk.db.findOneByOrFail(MessageDelivery, {})).toMatchObject({
      state: 'unreachable',
      reason: 'template_blocked',
    });
  });
});

describe('A preview', () => {
  const facts = {
    orderNumber: 'TB26112204815926',
    serviceName: '呼叫中心业务经营许可证（全网）代办服务加急套餐',
    materials: '营业执照副本、公司章程',
    dueAt: '2026-11-30T10:00:00Z',
  };
  const preview = (body: object) =>
    editor.call<{ data: object; error: { detail: { fields: object[] } } }>(
      'POST',
      '/staff/message-templates/materials-wanted/preview',
      body,
    );

  it('is the card as the person would see it', async () => {
    expect((await preview({ facts })).body.data).toEqual({
      title: '材料提交提醒',
      rows: [
        { label: '服务项目', value: '呼叫中心业务经营许可证（全网）代办服务…' },
        { label: '订单编号', value: 'TB26112204815926' },
        { label: '所需材料', value: '营业执照副本、公司章程' },
        { label: '截止时间', value: '2026年11月30日 18:00' },
      ],
      page: 'desk/order/index?number=TB26112204815926',
    });
  });

  it.each<[string, object, string]>([
    ['a fact that is missing', { dueAt: undefined }, 'facts.dueAt'],
    ['a fact too many', { price: 1 }, 'facts.price'],
    ['a text too long for its kind', { materials: '一'.repeat(21) }, 'facts.materials'],
    ['two lines', { materials: '一\n二' }, 'facts.materials'],
    ['an order number that is none', { orderNumber: 'TB1' }, 'facts.orderNumber'],
    ['a day for a time', { dueAt: '2026-11-30' }, 'facts.dueAt'],
    ['a number for a text', { materials: 5 }, 'facts.materials'],
  ])('of %s names it in Chinese', async (_what, wrong, field) => {
    const { status, body } = await preview({ facts: { ...facts, ...wrong } });
    expect([status, body.error.detail.fields]).toEqual([
      422,
      [{ field, message: expect.stringMatching(/\p{Script=Han}/u) }],
    ]);
  });
});

import { MessageBinding } from '../../entities/message-binding.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { DeliveryView, MessageTemplateView } from '../../src/contracts/index.ts';
import { askDue } from '../../src/verification/index.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { MessageWorld, SEND_TEMPLATE } from './message-world.ts';

let world: MessageWorld;
let editor: StaffClient;
beforeEach(async () => {
  world = await MessageWorld.start({ environment: { STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000' } });
  editor = await buildStaff(world.test, ['content_editor', 'supervisor']);
  await ask();
}, 60_000);
afterEach(() => world.stop());

const step = (name: string) => world.lever('/official-account/verification', { step: name });
const ask = async () => {
  await askDue(world.desk);
  await world.test.settle();
};
const pushed = async () => {
  await world.lever('/pushes/settled', {});
  await world.test.settle();
};
const renew = async () => {
  await step('submit');
  await step('qualification_success');
};
const silent = () => world.lever('/official-account/settings', { verificationEvents: 'drop' });
const sent = async () => (await world.calls(SEND_TEMPLATE)).length;
const bind = (app: string) =>
  editor.codeOf('PUT', `/staff/message-templates/order-paid/bindings/${app}`, {
    templateId:
      world.test.config[app === 'mini-program' ? 'MINI_PROGRAM_TEMPLATES' : 'OFFICIAL_ACCOUNT_TEMPLATES']['order-paid'],
  });
const bindingOf = async (message: string) => {
  const all = await editor.data<MessageTemplateView[]>('GET', '/staff/message-templates');
  return all.find((one) => one.message === message)!.bindings.find(({ app }) => app === 'official-account')!;
};

describe('A message by a service account whose right to send has ended', () => {
  it('waits with the reason to be seen, WeChat is asked, nobody else is tried with it, and it goes out once it is back', async () => {
    const [first, other] = [await world.customer({ follows: true }), await world.customer({ follows: true })];
    await silent();
    await step('expire');
    const { id } = await world.told(first);
    const second = await world.told(other);
    expect(await sent()).toBe(1);
    for (const one of [id, second.id]) {
      const view = await editor.data<DeliveryView>('GET', `/staff/messages/${one}`);
      expect(view).toMatchObject({
        state: 'waiting',
        reason: 'rights_lapsed',
        reasonWords: expect.stringContaining('认证过期') as string,
      });
    }
    expect(await bindingOf('refund-arrived')).toMatchObject({ state: 'stopped', stopReason: 'rights_lapsed' });
    await world.test.advance(2 * 3600_000);
    expect(await sent()).toBe(1);

    await renew();
    await world.test.advance(24 * 3600_000);
    await ask();
    await world.test.advance(31 * 60_000);
    for (const one of [id, second.id])
      expect(await world.delivery(one)).toMatchObject({ state: 'accepted', reason: null });
    expect(await world.cards(first)).toHaveLength(1);
    expect(await sent()).toBe(3);
    await editor.signIn(world.test.clock.now());
    expect(await bindingOf('refund-arrived')).toMatchObject({ stoppedAt: null, stopReason: null });
  });

  it('goes by the mini-program where that is allowed', async () => {
    const both = { follows: true, consents: 1 };
    const people = [await world.customer(both), await world.customer(both)];
    await silent();
    await step('expire');
    for (const person of people) {
      expect(await world.told(person)).toMatchObject({ state: 'accepted', channel: 'mini-program' });
    }
    expect(await sent()).toBe(1);
  });

  it('is not tried at all when the end is known', async () => {
    const customer = await world.customer({ follows: true });
    await step('expire');
    await pushed();
    const { id } = await world.told(customer);
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', reason: 'rights_lapsed' });
    expect(await sent()).toBe(0);
  });

  it('waits also for somebody of whom WeChat does not say now whether they follow', async () => {
    const customer = await world.customer({ follows: true });
    const account = { openid: customer.accountOpenid };
    await world.desk.transaction((work) => work.db.update(WechatIdentity, account, { follow: null }));
    await step('expire');
    await pushed();
    expect(await world.told(customer)).toMatchObject({ state: 'waiting', reason: 'rights_lapsed' });
  });

  it('is not waited with for ever', async () => {
    const customer = await world.customer({ follows: true });
    await step('expire');
    await pushed();
    const { id } = await world.told(customer);
    for (let day = 0; day < 4; day += 1) await world.test.advance(24 * 3600_000);
    expect(await world.delivery(id)).toMatchObject({ state: 'unreachable', reason: 'rights_lapsed' });
  });

  it('leaves alone a template that was stopped for another reason', async () => {
    const stopped = { message: 'refund-arrived', appKind: 'official-account' as const };
    const reason = { stoppedAt: world.desk.now(), stopReason: 'template_banned' };
    await world.desk.transaction((work) => work.db.update(MessageBinding, stopped, reason));
    await step('expire');
    await pushed();
    await renew();
    await pushed();
    expect(await bindingOf('refund-arrived')).toMatchObject({ state: 'stopped', stopReason: 'template_banned' });
    expect((await bindingOf('order-paid')).state).not.toBe('stopped');
  });
});

describe('A template', () => {
  it('of an account that has no right now is not bound nor resumed, and of the mini-program it is', async () => {
    expect(await bind('official-account')).toBe(200);
    await step('expire');
    await pushed();
    expect(await bind('official-account')).toBe('message.rights_lapsed');
    const address = '/staff/message-templates/order-paid/bindings/official-account';
    expect(await editor.codeOf('POST', `${address}/resume`)).toBe('message.rights_lapsed');
    expect(await bind('mini-program')).toBe(200);
    await renew();
    await pushed();
    expect(await bind('official-account')).toBe(200);
  });
});

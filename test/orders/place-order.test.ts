import { randomUUID } from 'node:crypto';
import type { OrderView } from '../../src/contracts/index.ts';
import { type Phone, SIMPLE_SERVICE } from '../support/phone.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let customer: Phone;

beforeAll(async () => {
  world = await startWorld();
  customer = await world.person();
  await customer.signInMiniProgram();
}, 60_000);
afterAll(() => world.stop());

describe('POST /app/orders', () => {
  it('takes the price from the catalogue', async () => {
    const order = await customer.order();
    expect(order).toMatchObject({ state: 'awaiting_payment', paidFen: 0, canPay: true, canCancel: true });
    expect(order.number).toMatch(/^TB\d{14}$/);
    expect(order.amountFen).toBe(order.lines.reduce((sum, line) => sum + line.amountFen, 0));
    expect(order.amountFen).toBe(order.instalments.reduce((sum, instalment) => sum + instalment.amountFen, 0));
    expect(order.buyer.contactPhoneMasked).toBe('138****0001');
  });

  it.each(['amountFen', 'state', 'customerId', 'paidFen'])('refuses a %s sent by the phone', async (field) => {
    const body = { ...(await customer.orderBody(SIMPLE_SERVICE)), [field]: 1 };
    const answer = await customer.call('POST', '/app/orders', body, { 'idempotency-key': randomUUID() });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { code: 'request.invalid', detail: { fields: [{ field }] } } });
  });

  it('asks for the province where the authority is a province’s', async () => {
    const { province: _, ...body } = await customer.orderBody('call-centre-licence', { packageCode: 'provincial' });
    const answer = await customer.call('POST', '/app/orders', body, { 'idempotency-key': randomUUID() });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        error: { code: 'request.invalid', detail: { fields: [{ field: 'province', message: '请选择办理省份' }] } },
      },
    });
  });

  it('makes one order of one key, however often and at whatever instant it is sent', async () => {
    const body = await customer.orderBody(SIMPLE_SERVICE);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        customer.call<{ data: OrderView }>('POST', '/app/orders', body, { 'idempotency-key': key }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map((answer) => answer.body.data.number)).size).toBe(1);

    const other = await customer.call('POST', '/app/orders', { ...body, note: '另一份' }, { 'idempotency-key': key });
    expect(other.body).toMatchObject({ error: { code: 'request.idempotency_key_reused' } });
    const none = await customer.call('POST', '/app/orders', body);
    expect(none.body).toMatchObject({ error: { code: 'request.idempotency_key_missing' } });
  });

  it.each([
    ['emoji', { contactName: '林晓😀' }, 'buyer.contactName'],
    ['a character that turns the writing', { contactName: '林\u202E晓' }, 'buyer.contactName'],
    ['right-to-left script', { contactName: 'مرحبا' }, 'buyer.contactName'],
    ['NUL', { contactName: '林\u0000晓' }, 'buyer.contactName'],
    ['a name too long', { contactName: '林'.repeat(31) }, 'buyer.contactName'],
    ['a blank name', { contactName: '  ' }, 'buyer.contactName'],
    ['letters in the phone number', { contactPhone: '1380000000a' }, 'buyer.contactPhone'],
    ['a number for the phone', { contactPhone: 13800000001 }, 'buyer.contactPhone'],
  ])('refuses %s, naming the field in Chinese', async (_, buyer, field) => {
    const body = await customer.orderBody(SIMPLE_SERVICE);
    const answer = await customer.call<{ error: { detail: { fields: { field: string; message: string }[] } } }>(
      'POST',
      '/app/orders',
      { ...body, buyer: { ...body.buyer, ...buyer } },
      { 'idempotency-key': randomUUID() },
    );
    expect(answer.status).toBe(422);
    expect(answer.body.error.detail.fields).toEqual([{ field, message: expect.stringMatching(/\p{Script=Han}/u) }]);
  });

  it('refuses a company whose credit code does not add up', async () => {
    const buyer = {
      kind: 'company',
      companyName: '测试有限公司',
      creditCode: '91350100M000100Y44',
      contactName: '林晓',
      contactPhone: '13800000001',
    } as const;
    const body = await customer.orderBody(SIMPLE_SERVICE, { buyer });
    const answer = await customer.call('POST', '/app/orders', body, { 'idempotency-key': randomUUID() });
    expect(answer.body).toMatchObject({ error: { detail: { fields: [{ field: 'buyer.creditCode' }] } } });
    const right = await customer.order(SIMPLE_SERVICE, { buyer: { ...buyer, creditCode: '91350100M000100Y43' } });
    expect(right.buyer).toMatchObject({ kind: 'company', creditCode: '91350100M000100Y43' });
  });

  it.each([1.5, '1', -1, 0, 1e20])('refuses %p as the version of a service', async (serviceVersion) => {
    const body = { ...(await customer.orderBody(SIMPLE_SERVICE)), serviceVersion };
    const answer = await customer.call('POST', '/app/orders', body, { 'idempotency-key': randomUUID() });
    expect(answer.body).toMatchObject({
      error: { code: 'request.invalid', detail: { fields: [{ field: 'serviceVersion' }] } },
    });
  });

  it('refuses a version that the customer did not see last', async () => {
    const body = await customer.orderBody(SIMPLE_SERVICE);
    const answer = await customer.call(
      'POST',
      '/app/orders',
      { ...body, serviceVersion: 99 },
      { 'idempotency-key': randomUUID() },
    );
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ error: { code: 'catalogue.version_changed' } });
  });

  it('does not sell to somebody who fails a required question of the pre-check', async () => {
    const body = await customer.orderBody('call-centre-licence');
    const [first] = Object.keys(body.answers);
    const answer = await customer.call(
      'POST',
      '/app/orders',
      { ...body, answers: { ...body.answers, [first!]: 'no' } },
      { 'idempotency-key': randomUUID() },
    );
    expect(answer.body).toMatchObject({ error: { code: 'order.pre_check_failed', detail: { questions: [first] } } });
  });
});

describe('Another customer’s order', () => {
  it('does not exist on any route', async () => {
    const order = await customer.order();
    const started = await customer.startPayment(order.number);
    const stranger = await world.person({ nickname: '陌生人' });
    await stranger.signInMiniProgram();
    const answers = [
      await stranger.call('GET', `/app/orders/${order.number}`),
      await stranger.call('POST', `/app/orders/${order.number}/cancel`, {}),
      await stranger.call('POST', `/app/orders/${order.number}/payments`, { way: 'mini-program' }),
      await stranger.call('POST', `/app/payments/${started.number}/look`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await stranger.orders()).data).toEqual([]);
  });
});

describe('GET /app/orders', () => {
  it('reads page by page, newest first, without missing or repeating one', async () => {
    const reader = await world.person();
    await reader.signInMiniProgram();
    const numbers: string[] = [];
    for (let made = 0; made < 5; made += 1) numbers.unshift((await reader.order()).number);

    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page = await reader.orders(`?limit=2${next ? `&after=${next}` : ''}`);
      seen.push(...page.data.map(({ number }) => number));
      next = page.next;
    } while (next);
    expect(seen).toEqual(numbers);
    expect((await reader.orders('?state=paid')).data).toEqual([]);
  });

  it('refuses nonsense', async () => {
    for (const query of ['?limit=0', '?limit=1000', '?state=rich', '?after=%27%20or%201=1']) {
      expect((await customer.call('GET', `/app/orders${query}`)).status).toBe(422);
    }
  });
});

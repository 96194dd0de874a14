import { Customer } from '../../entities/customer.ts';
import { findSession } from '../../src/identity/find-session.ts';
import { type IdentityWorld, startIdentityWorld } from './identity-world.ts';

let world: IdentityWorld;
beforeAll(async () => void (world = await startIdentityWorld()));
afterAll(() => world.stop());
afterEach(() => world.wechat.world.faults.clear());

const signIn = async (phone?: string) => {
  const person = world.person(phone ? { phone } : {});
  return { person, token: (await world.signInPhone(person)).body.data.token as string };
};
const give = (token: string, body: unknown) => world.call(token, 'POST', '/app/me/phone', body);
const customerOf = async (token: string) => {
  const { customerId } = (await findSession(world.desk, token))!;
  return (await world.rows(Customer, { id: customerId }))[0]!;
};

describe('POST /app/me/phone', () => {
  it('keeps the number sealed to its customer, and shows it masked', async () => {
    const { person, token } = await signIn('13912345678');
    const answer = await give(token, { code: world.phoneCode(person) });
    expect([answer.status, answer.body.data.phoneMasked]).toEqual([200, '139****5678']);
    expect((await world.call(token, 'GET', '/app/me')).body.data.phoneMasked).toBe('139****5678');
    const customer = await customerOf(token);
    expect(customer.phoneSealed).toMatch(/^v1\./);
    expect(customer.phoneSealed).not.toContain('13912345678');
    expect(world.desk.vault.open(customer.phoneSealed!, `customer.phone:${customer.id}`)).toBe('13912345678');
    expect(() => world.desk.vault.open(customer.phoneSealed!, 'customer.phone:another')).toThrow();
  });

  it('keeps the country of a foreign number', async () => {
    const { person, token } = await signIn('+852-51234567');
    await give(token, { code: world.phoneCode(person) });
    const customer = await customerOf(token);
    expect(world.desk.vault.open(customer.phoneSealed!, `customer.phone:${customer.id}`)).toBe('+852 51234567');
  });

  it('replaces the number by a newer one', async () => {
    const { person, token } = await signIn('13900000001');
    await give(token, { code: world.phoneCode(person) });
    person.phone = '13900000002';
    expect((await give(token, { code: world.phoneCode(person) })).body.data.phoneMasked).toBe('139****0002');
  });

  it('asks for a new code when WeChat does not know it, and keeps what it had', async () => {
    const { person, token } = await signIn('13900000003');
    const code = world.phoneCode(person);
    await give(token, { code });
    for (const refused of [code, 'nobody-knows-this-code', world.loginCode(person)]) {
      const answer = await give(token, { code: refused });
      expect([answer.status, answer.body.error.code]).toEqual([422, 'phone.code_refused']);
    }
    expect((await world.call(token, 'GET', '/app/me')).body.data.phoneMasked).toBe('139****0003');
  });

  it.each([
    ['busy', 503, 'upstream.unavailable'],
    ['reset-before', 503, 'upstream.unavailable'],
    ['unknown-code', 502, 'upstream.refused'],
  ] as const)('tells %s at WeChat from a bad code', async (kind, status, code) => {
    const { person, token } = await signIn();
    world.wechat.world.faults.add({ kind, path: '/wxa/business/getuserphonenumber', times: null });
    const answer = await give(token, { code: world.phoneCode(person) });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('is not for a browser: the button exists in the mini-program only', async () => {
    const person = world.person();
    const browser = world.browser(person);
    await browser.signIn();
    const response = await fetch(`${world.origin}/app/me/phone`, {
      method: 'POST',
      headers: {
        cookie: `tongban_session=${browser.cookies.get('tongban_session')}`,
        'content-type': 'application/json',
        'x-requested-with': 'tongban',
      },
      body: JSON.stringify({ code: world.phoneCode(person) }),
    });
    expect(response.status).toBe(403);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe('phone.mini_program_only');
  });

  it.each([{}, { code: '' }, { code: ['a'] }, { phone: '13900000000' }])('names the field of %j', async (body) => {
    const { token } = await signIn();
    const answer = await give(token, body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.detail.fields[0].field).toBe('code');
  });

  it('wants a login', async () => {
    expect((await give('', { code: 'abc' })).body.error.code).toBe('session.required');
  });
});

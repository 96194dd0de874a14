import { jest } from '@jest/globals';
import { NoAnswer, Refusal } from '../../miniprogram/src/refusal.ts';
import { createClient } from '../../miniprogram/src/request.ts';
import type { Answer, Sending, Session } from '../../miniprogram/src/request.ts';
import { serverNow } from '../../miniprogram/src/server-clock.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  header: (name) => headers[name] ?? null,
});
const refusal = (code: string) => ({ error: { code, message: '请先登录', messageEn: '', requestId: 'r1' } });
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

/** A server that knows one token at a time, and a phone that can get the next one. */
function world({ canRenew = true } = {}) {
  const sent: Sending[] = [];
  const valid = 'second';
  let held: string | null = 'first';
  let signIns = 0;
  const session: Session = {
    headers: (): Record<string, string> => (held === null ? {} : { authorization: held }),
    isOpen: () => held !== null,
    async renew() {
      if (!canRenew) return false;
      await later();
      signIns += 1;
      held = valid;
      return true;
    },
  };
  /** What the server says to each call after the session was checked. */
  let reply = (_sending: Sending): Answer | Promise<Answer> => answer(200, { data: 'yes' });
  const client = createClient(async (sending) => {
    sent.push(sending);
    const isValid = sending.headers.authorization === valid;
    await later();
    return isValid ? reply(sending) : answer(401, refusal('session.expired'));
  }, session);
  return {
    client,
    sent,
    signIns: () => signIns,
    hold: (token: string | null) => (held = token),
    replyWith: (next: typeof reply) => (reply = next),
  };
}

const personal = { personal: true };

describe('the request client', () => {
  it('signs in once, however many requests fail at once, and repeats them all', async () => {
    const { client, sent, signIns } = world();
    const answers = await Promise.all([1, 2, 3, 4, 5].map((at) => client.get(`/app/orders/${at}`, personal)));
    expect(answers).toEqual(Array(5).fill({ data: 'yes' }));
    expect(signIns()).toBe(1);
    expect(sent).toHaveLength(10);
  });

  it('does not sign in again for a 401 that an older token earned', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { session, signIns } = sessionWithTokens();
    const client = createClient(async (sending) => {
      if (sending.path === '/slow' && sending.headers.authorization === 'token-0') await held;
      return sending.headers.authorization === 'token-0'
        ? answer(401, refusal('session.expired'))
        : answer(200, { data: 1 });
    }, session);

    const slow = client.get('/slow', personal);
    await client.get('/fast', personal);
    expect(signIns()).toBe(1);
    release();
    await expect(slow).resolves.toEqual({ data: 1 });
    expect(signIns()).toBe(1);
  });

  it('signs in first when it knows that it has no session', async () => {
    const { client, sent, signIns, hold } = world();
    hold(null);
    await Promise.all([client.get('/app/me', personal), client.get('/app/sessions', personal)]);
    expect(signIns()).toBe(1);
    expect(sent).toHaveLength(2);
  });

  it('never signs in for what anyone may read', async () => {
    const { client, signIns, hold } = world();
    hold(null);
    await expect(client.get('/app/services')).rejects.toBeInstanceOf(Refusal);
    expect(signIns()).toBe(0);
  });

  it('gives up after one repeat: no loop when the new session is refused too', async () => {
    const { session, signIns } = sessionWithTokens();
    let asked = 0;
    const client = createClient(() => {
      asked += 1;
      return Promise.resolve(answer(401, refusal('session.required')));
    }, session);
    const asking = client.get('/app/me', personal);
    await expect(asking).rejects.toMatchObject({ code: 'session.required', needsSignIn: true });
    expect(asked).toBe(2);
    expect(signIns()).toBe(1);
  });

  it('hands the refusal on where signing in needs the person', async () => {
    const { client, sent } = world({ canRenew: false });
    await expect(client.get('/app/me', personal)).rejects.toMatchObject({ code: 'session.expired' });
    expect(sent).toHaveLength(1);
  });

  it('names the fields of a refusal', async () => {
    const { client, hold, replyWith } = world();
    hold('second');
    const fields = [{ field: 'buyer.contactPhone', message: '手机号有误' }];
    replyWith(() => answer(422, { error: { ...refusal('request.invalid').error, detail: { fields } } }));
    await expect(client.post('/app/orders', {}, personal)).rejects.toMatchObject({ status: 422, fields });
  });

  it('does not take the page of a proxy or of a hotel’s network for an answer', async () => {
    const { client, hold, replyWith } = world();
    hold('second');
    replyWith(() => answer(200, '<html>请登录无线网络</html>'));
    await expect(client.get('/app/me', personal)).rejects.toBeInstanceOf(NoAnswer);
    replyWith(() => answer(502, '<html>Bad Gateway</html>'));
    await expect(client.get('/app/me', personal)).rejects.toMatchObject({ silence: 'unreachable' });
  });

  it('sends queries without what is absent', async () => {
    const { client, sent, hold } = world();
    hold('second');
    await client.get('/app/orders', {
      ...personal,
      query: { state: null, after: undefined, limit: 20, q: '呼叫 中心' },
    });
    expect(sent[0]?.path).toBe('/app/orders?limit=20&q=%E5%91%BC%E5%8F%AB%20%E4%B8%AD%E5%BF%83');
  });

  it('learns the server’s time, so that a phone with a wrong clock counts down rightly', async () => {
    const { client, hold, replyWith } = world();
    hold('second');
    const now = Date.parse('2026-11-22T08:00:00.400Z');
    const stopped = jest.spyOn(Date, 'now').mockReturnValue(now);
    replyWith(() => answer(200, { data: 1 }, { date: 'Sun, 22 Nov 2026 08:10:00 GMT' }));
    await client.get('/app/me', personal);
    expect(serverNow() - now).toBe(599_600);
    replyWith(() => answer(200, { data: 1 }, { date: 'Sun, 22 Nov 2026 08:00:00 GMT' }));
    await client.get('/app/me', personal);
    expect(serverNow() - now).toBe(0);
    stopped.mockRestore();
  });
});

/** `token-0` is over; each sign-in gives the next. */
function sessionWithTokens() {
  let signIns = 0;
  const session: Session = {
    headers: () => ({ authorization: `token-${signIns}` }),
    isOpen: () => true,
    async renew() {
      await later();
      signIns += 1;
      return true;
    },
  };
  return { session, signIns: () => signIns };
}

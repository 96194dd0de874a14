import { IllegalMove } from '../../../entities/illegal-move.ts';
import { errorWords, type ErrorCode } from '../../../src/contracts/errors.ts';
import { AppError, UpstreamError } from '../../../src/platform/errors.ts';
import { serve, type SmallServer } from './small-server.ts';

const SECRETS = { token: 'kT9-secret-token', phone: '13800000001', sql: "SELECT 'everything'" };

let thrown: () => unknown;
let server: SmallServer;
beforeAll(async () => {
  server = await serve((routes) => {
    routes.get('/throws', async () => {
      throw thrown();
    });
    routes.get('/half-done', async (ctx) => {
      ctx.status = 201;
      ctx.set('X-Half', 'done');
      ctx.body = { data: SECRETS };
      throw thrown();
    });
    routes.get('/nothing', async () => undefined);
  });
});
afterAll(() => server.stop());
beforeEach(() => void (server.logged.length = 0));

interface Refused {
  error: { code: ErrorCode; message: string; messageEn: string; detail?: object; requestId: string };
}

async function refusal(error: unknown, path = '/throws') {
  thrown = () => error;
  const answer = await fetch(`${server.origin}${path}`);
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as Refused, headers: answer.headers };
}

const failures = () => server.logged.filter((line) => line.includes('request failed'));

describe('A fault of our own', () => {
  it.each([
    ['an error', Object.assign(new Error(SECRETS.sql), { ...SECRETS, driverError: undefined })],
    [
      'an error that calls itself one of the caller’s',
      Object.assign(new Error('x'), { status: 499, code: SECRETS.sql }),
    ],
    ['text', SECRETS.token],
    ['nothing', undefined],
    ['an object', SECRETS],
    ['an error with a foreign status', Object.assign(new Error('x'), { status: 200, expose: true })],
  ])('tells the caller nothing: %s', async (_what, error) => {
    const { status, body, text } = await refusal(error);
    expect(status).toBe(500);
    expect(body.error).toEqual({
      code: 'server.error',
      message: errorWords['server.error'].zh,
      messageEn: errorWords['server.error'].en,
      requestId: expect.any(String),
    });
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\.ts|at |Error:/);
  });

  it('is in the log once, with its stack, and the request id that the caller was told', async () => {
    const { body, headers } = await refusal(new TypeError('x is not a function'));
    expect(headers.get('x-request-id')).toBe(body.error.requestId);
    expect(failures()).toHaveLength(1);
    expect(JSON.parse(failures()[0]!)).toMatchObject({
      level: 'error',
      requestId: body.error.requestId,
      err: {
        type: 'TypeError',
        message: 'x is not a function',
        stack: expect.stringContaining('error-handler.test.ts'),
      },
    });
  });

  it('of the database is in the log without the values of the statement', async () => {
    const fault = Object.assign(new Error(`Duplicate entry '${SECRETS.phone}'`), {
      driverError: {},
      code: 'ER_DUP_ENTRY',
    });
    await refusal(fault);
    expect(failures()).toHaveLength(1);
    expect(failures()[0]).toContain('ER_DUP_ENTRY');
    expect(failures()[0]).not.toContain(SECRETS.phone);
  });

  it('after half an answer takes the half back', async () => {
    const { status, text } = await refusal(new Error('late'), '/half-done');
    expect(status).toBe(500);
    expect(text).not.toContain(SECRETS.token);
  });
});

describe('A refusal', () => {
  it('is told with its code, words, detail and request id, and is no failure of ours', async () => {
    const { status, body } = await refusal(new AppError(409, 'order.not_payable', { state: 'paid' }));
    expect(status).toBe(409);
    expect(body).toEqual({
      error: {
        code: 'order.not_payable',
        message: '该订单当前不需要支付',
        messageEn: 'Nothing of this order can be paid now.',
        detail: { state: 'paid' },
        requestId: expect.any(String),
      },
    });
    expect(failures()).toEqual([]);
  });

  it('of a move that the state does not allow is a conflict, without the state that was wanted', async () => {
    const { status, body } = await refusal(new IllegalMove('order', 'cancelled', 'paid'));
    expect([status, body.error.code, body.error.detail]).toEqual([
      409,
      'order.illegal_move',
      { what: 'order', from: 'cancelled' },
    ]);
  });

  it.each([
    ['unknown', true, 503, 'upstream.unavailable'],
    ['rate_limited', true, 503, 'upstream.unavailable'],
    ['not_sent', true, 503, 'upstream.unavailable'],
    ['bad_signature', false, 503, 'upstream.unavailable'],
    ['refused', true, 503, 'upstream.unavailable'],
    ['refused', false, 502, 'upstream.refused'],
  ] as const)(
    'by WeChat (%s, may be repeated: %s) is %d, with nothing of what WeChat said',
    async (kind, retryable, wanted, code) => {
      const error = new UpstreamError('wechat-pay', kind, 'inner_code', retryable, { cause: new Error(SECRETS.sql) });
      const { status, body, text } = await refusal(error);
      expect([status, body.error.code]).toEqual([wanted, code]);
      expect(text).not.toContain('inner_code');
      expect(text).not.toContain(SECRETS.sql);
      expect(failures()).toHaveLength(1);
    },
  );

  it('of nothing is 404', async () => {
    const { status, body } = await refusal(null, '/nothing');
    expect([status, body.error.code]).toEqual([404, 'request.not_found']);
  });
});

describe('Every request', () => {
  it('has an id of its own, whatever the caller says', async () => {
    const ask = () => fetch(`${server.origin}/nothing`, { headers: { 'x-request-id': 'mine' } });
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await ask()).headers.get('x-request-id')));
    expect(new Set(ids).size).toBe(5);
    expect(ids).not.toContain('mine');
  });

  it('is one line and one measure, by the pattern of its route and never by its address', async () => {
    await fetch(`${server.origin}/throws?openid=o-secret`);
    await fetch(`${server.origin}/not/there/13800000001`);
    const lines = server.logged.filter((line) => line.includes('"msg":"request"'));
    expect(lines.map((line) => (JSON.parse(line) as { route: string }).route)).toEqual(['/throws', 'none']);
    const told = lines.join('') + (await server.metrics.registry.metrics());
    expect(told).not.toContain('o-secret');
    expect(told).not.toContain('13800000001');
  });
});

import { bodyParser } from '@koa/bodyparser';
import { z } from 'zod';
import { accept } from '../../../src/platform/http/accept.ts';
import { after, code, limit, line, lines } from '../../../src/platform/http/shapes.ts';
import { serve, type SmallServer } from './small-server.ts';

let server: SmallServer;
beforeAll(async () => {
  const body = z.strictObject({
    name: line(10),
    count: z.int().min(1).max(9),
    buyer: z.strictObject({ phones: z.array(z.string().regex(/^\d+$/, '请填写数字')) }),
    note: lines(20).optional(),
  });
  const shape = {
    summary: 'x',
    params: z.object({ code }),
    query: z.strictObject({ limit: limit.optional(), after: after.optional() }),
    body,
    answers: { status: 200 },
  };
  server = await serve(
    (routes) => {
      routes.post(
        '/things/:code',
        accept(shape, async (ctx, read) => void (ctx.body = { data: read })),
      );
    },
    { before: [bodyParser({ enableTypes: ['json'] }) as never] },
  );
});
afterAll(() => server.stop());

const RIGHT = { name: '  林晓 ', count: 3, buyer: { phones: ['1', '2'] } };

async function send(body: unknown, address = '/things/a-1') {
  const answer = await fetch(`${server.origin}${address}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data, error } = (await answer.json()) as {
    data?: unknown;
    error?: { code: string; detail?: { fields: { field: string; message: string }[] } };
  };
  return { status: answer.status, data, code: error?.code, fields: error?.detail?.fields };
}

it('what is right is read as the shape says', async () => {
  expect(await send(RIGHT, '/things/a-1?limit=5')).toMatchObject({
    status: 200,
    data: { body: { ...RIGHT, name: '林晓' }, params: { code: 'a-1' }, query: { limit: 5 } },
  });
});

it('everything that is wrong is named at once, with its place, in Chinese', async () => {
  const wrong = { count: '3', buyer: { phones: ['1', 'x'], extra: 1 }, amountFen: 1, isAdmin: true };
  const answer = await send(wrong, '/things/A%20B?limit=0&after=%3C&limit=1&order=desc');
  expect(answer).toMatchObject({ status: 422, code: 'request.invalid' });
  expect(answer.fields!.map(({ field }) => field).toSorted()).toEqual(
    [
      'after',
      'amountFen, isAdmin',
      'buyer.extra',
      'buyer.phones.1',
      'code',
      'count',
      'limit',
      'name',
      'order',
    ].toSorted(),
  );
  for (const { message } of answer.fields!) expect(message).toMatch(/\p{Script=Han}/u);
});

it.each([
  ['empty', ''],
  ['blanks', '   '],
  ['too long', '一二三四五六七八九十多'],
  ['a smile', '林晓😀'],
  ['a heart made of two', '林晓❤️'],
  ['a flag', '🇨🇳'],
  ['a key cap', '1️⃣'],
  ['right to left', 'שלום'],
  ['a turned direction', 'abc\u202Ecba'],
  ['nothing that can be seen', '林\u200B晓'],
  ['NUL', '林\u0000晓'],
  ['two lines', '林\n晓'],
  ['half a character', '林\uD83D'],
  ['a private sign', '\uE000'],
  ['a number', 12],
  ['null', null],
  ['a list', ['林晓']],
])('a name that is %s is refused, naming it', async (_what, name) => {
  const answer = await send({ ...RIGHT, name });
  expect(answer.status).toBe(422);
  expect(answer.fields!.map(({ field }) => field)).toEqual(['name']);
  expect(answer.fields![0]!.message).toMatch(/\p{Script=Han}/u);
});

it.each(['林晓', '欧阳慕容雪', 'O’Brien-Li', '𠮷野家', '买买提·阿布', '一二三四五六七八九十'])(
  'a name like %s is taken',
  async (name) => {
    expect((await send({ ...RIGHT, name })).status).toBe(200);
  },
);

it.each([0, 10, -1, 1.5, 1e21, '3', null, true])('a count of %p is refused', async (count) => {
  expect((await send({ ...RIGHT, count })).fields!.map(({ field }) => field)).toEqual(['count']);
});

it('a note may have lines, and no other signs that cannot be seen', async () => {
  expect((await send({ ...RIGHT, note: '第一行\n第二行' })).status).toBe(200);
  expect((await send({ ...RIGHT, note: '' })).status).toBe(200);
  for (const note of ['a\tb', 'a\u2028b', 'a\u0007b']) expect((await send({ ...RIGHT, note })).status).toBe(422);
});

it.each([
  [[], 422, 'request.invalid'],
  ['text', 400, 'request.malformed'],
  [null, 400, 'request.malformed'],
  [7, 400, 'request.malformed'],
])('a body that is %j is refused', async (body, status, code) => {
  expect(await send(body)).toMatchObject({ status, code });
});

it('a body that reaches for the language itself is refused', async () => {
  const answer = await fetch(`${server.origin}/things/a`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"__proto__":{"name":"x"},"constructor":1}',
  });
  expect(answer.status).toBe(400);
  expect(({} as { name?: string }).name).toBeUndefined();
});

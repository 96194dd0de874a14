import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { readKeptFile } from '../platform/files/keep-file.ts';
import { accept } from '../platform/http/accept.ts';
import { page } from '../platform/http/paging.ts';
import { type Context, newRoutes } from '../platform/http/routes.ts';
import { UnusableBill } from './check-bill.ts';
import { billUnusable } from './errors.ts';
import { keepBill } from './keep-bill.ts';
import { getBill, listBills } from './list.ts';
import { presentBills } from './presenter.ts';
import { billListQuery, billView, byId, uploadBillQuery } from './schema.ts';

const GZIP = 'application/gzip';

/** Bills as they came, and by hand. */
export const billRoutes = newRoutes();

billRoutes.get(
  '/bills',
  accept(
    {
      summary: 'Kept bills, newest first; by merchant, day and kind',
      needs: 'read-books',
      query: billListQuery,
      answers: { status: 200, data: billView, isPage: true },
    },
    async (ctx, { query }) => {
      const { desk } = ctx.state;
      ctx.body = page(await presentBills(desk, await listBills(desk, query)), query.limit, (view) => view);
    },
  ),
);

billRoutes.post(
  '/bills',
  accept(
    {
      summary:
        'Upload a bill that was downloaded from the merchant platform, plain or gzip; also of another merchant number',
      needs: 'keep-books',
      query: uploadBillQuery,
      takes: { contentTypes: ['text/csv', GZIP, 'application/octet-stream'], about: 'The file as WeChat Pay gives it' },
      answers: { status: 201, data: billView },
      refuses: ['bill.unusable'],
    },
    async (ctx, { query }) => {
      const { desk, staff } = ctx.state;
      try {
        const bill = await keepBill(desk, query, await gzipOf(ctx), { source: 'upload', keptBy: staff.id });
        ctx.status = 201;
        ctx.body = { data: (await presentBills(desk, [bill]))[0] };
      } catch (error) {
        throw error instanceof UnusableBill ? billUnusable(error) : error;
      }
    },
  ),
);

billRoutes.get(
  '/bills/:id',
  accept(
    {
      summary: 'One of them',
      needs: 'read-books',
      params: byId,
      answers: { status: 200, data: billView },
      refuses: ['bill.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      ctx.body = { data: (await presentBills(desk, [await getBill(desk, params.id)]))[0] };
    },
  ),
);

billRoutes.get(
  '/bills/:id/file',
  accept(
    {
      summary: 'The gzip file, as evidence',
      needs: 'read-books',
      params: byId,
      answers: { status: 200, contentType: GZIP },
      refuses: ['bill.not_found'],
    },
    async (ctx, { params }) => {
      const { desk } = ctx.state;
      const { kind, mchid, day, fileId } = await getBill(desk, params.id);
      ctx.attachment(`${kind}-${mchid}-${day}.csv.gz`);
      ctx.type = GZIP;
      ctx.body = Readable.from(readKeptFile(desk, fileId));
    },
  ),
);

/** Kept compressed in any case. */
async function gzipOf(ctx: Context): Promise<Readable> {
  const chunks = ctx.req[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const next = await chunks.next();
  const first = next.done ? Buffer.alloc(0) : next.value;
  const whole = Readable.from(joined(first, chunks));
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  return isGzip ? whole : compressed(whole);
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** What breaks off before breaks this off too. */
function compressed(plain: Readable): Readable {
  const gzip = createGzip();
  pipeline(plain, gzip, () => undefined);
  return gzip;
}

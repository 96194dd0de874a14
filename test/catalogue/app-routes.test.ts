import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import { catalogueRoutes, loadServices, publishServices } from '../../src/catalogue/index.ts';
import { preCheckView, serviceSummaryView, serviceView } from '../../src/catalogue/schema.ts';
import type { ServiceView } from '../../src/contracts/app.ts';
import { errorHandler } from '../../src/platform/http/error-handler.ts';
import { type DoorState, newRoutes } from '../../src/platform/http/routes.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { deskOn } from './catalogue-desk.ts';
import { buildDefinition } from './example.ts';

let fresh: TestDatabase;
let server: Server;
let origin: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  const desk = deskOn(fresh.database);
  const { packages } = buildDefinition();
  const closed = packages.map((bought) => ({ ...bought, onSale: bought.code === 'small' }));
  const nothing = packages.map((bought) => ({ ...bought, onSale: false }));
  await publishServices(desk, [
    ...(await loadServices()),
    buildDefinition({ position: 1, packages: closed }),
    buildDefinition({ code: 'paused', position: 2, packages: nothing }),
    buildDefinition({ code: 'hidden', onSale: false }),
  ]);

  const app = new Koa<DoorState>();
  app.use(errorHandler(desk.log) as never);
  app.use(bodyParser({ enableTypes: ['json'] }) as never);
  app.use(async (ctx, next) => {
    Object.assign(ctx.state, { requestId: 'test', desk });
    await next();
  });
  const door = newRoutes();
  door.use('/app', catalogueRoutes.routes());
  app.use(door.routes() as never);
  server = createServer((request, response) => void app.callback()(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await fresh.drop();
});

const answer = async (response: Response) => ({ status: response.status, body: JSON.parse(await response.text()) });
const get = async (path: string) => answer(await fetch(origin + path));
const post = async (path: string, body: unknown) =>
  answer(
    await fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );

describe('GET /app/services', () => {
  it('lists what is sold in its order, with the lowest price without government fees', async () => {
    const { status, body } = await get('/services');
    expect(status).toBe(200);
    expect(body.next).toBeNull();
    expect(body.data).toHaveLength(10);
    expect(body.data[0]).toEqual({
      code: 'shop-permit',
      name: '开店许可代办',
      summary: '一句话说明。',
      fromFen: 10001,
      category: '示例',
    });
    expect(body.data[1]).toMatchObject({ code: 'paused', fromFen: null });
    expect(body.data[2]).toMatchObject({ code: 'call-centre-licence', fromFen: 1800000 });
    for (const row of body.data) expect(serviceSummaryView.strict().parse(row)).toEqual(row);
  });
});

describe('GET /app/services/:code', () => {
  it('shows packages with prices, plans and questions, only those that are sold', async () => {
    const { status, body } = await get('/services/shop-permit');
    expect(status).toBe(200);
    expect(body.data).toEqual({
      code: 'shop-permit',
      version: 1,
      name: '开店许可代办',
      category: '示例',
      summary: '一句话说明。',
      description: ['第一段。'],
      packages: [
        {
          code: 'small',
          name: '小店',
          summary: '一间门面。',
          includes: ['材料'],
          priceFen: 10001,
          governmentFees: [{ name: '工本费', amountFen: 500 }],
          totalFen: 10501,
          plans: [
            {
              code: 'full',
              name: '一次付清',
              instalments: [{ name: '全款', milestone: 'placed', milestoneName: '下单', amountFen: 10501 }],
            },
            {
              code: 'two_parts',
              name: '分两期付款',
              instalments: [
                { name: '首期款', milestone: 'placed', milestoneName: '下单', amountFen: 5000 },
                { name: '尾款', milestone: 'issued', milestoneName: '发证', amountFen: 5501 },
              ],
            },
          ],
          needsProvince: true,
        },
      ],
      preCheck: [{ code: 'has_company', question: '有公司吗？', hint: '看营业执照。', packages: null, required: true }],
      refundRule: ['开工前全退。'],
    });
  });

  it('keeps to the contract for every service, and the instalments of every plan sum to the total', async () => {
    const { body } = await get('/services');
    for (const { code } of body.data) {
      const { data } = (await get(`/services/${code}`)).body as { data: ServiceView };
      expect(serviceView.strict().parse(data)).toEqual(data);
      for (const { plans, totalFen } of data.packages)
        for (const { instalments } of plans)
          expect(instalments.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(totalFen);
    }
  });

  it.each(['nothing', 'hidden', 'SHOP-PERMIT', '%00', `${'x'.repeat(65)}`])('knows no service %j', async (code) => {
    const { status, body } = await get(`/services/${code}`);
    expect([404, 422]).toContain(status);
    expect(body.error.code).toBe(status === 404 ? 'catalogue.service_not_found' : 'request.invalid');
    expect(body.error.message).toMatch(/\p{Script=Han}/u);
  });
});

describe('POST /app/services/:code/pre-checks', () => {
  it('judges the answers for the package', async () => {
    const wanted = { packageCode: 'provincial', answers: { lawful_company: 'yes', capital_one_million: 'no' } };
    const { status, body } = await post('/services/call-centre-licence/pre-checks', wanted);
    expect(status).toBe(200);
    expect(preCheckView.strict().parse(body.data)).toEqual(body.data);
    expect(body.data).toMatchObject({ verdict: 'fail', canOrder: false });
    expect(body.data.items).toHaveLength(7);
    expect(body.data.items.find(({ code }: { code: string }) => code === 'capital_one_million')).toMatchObject({
      answer: 'no',
      verdict: 'fail',
      advice: expect.stringContaining('增资'),
    });
  });

  it.each([
    [{ packageCode: 'provincial', answers: { made_up: 'yes' } }, 422, 'request.invalid', ['answers.made_up']],
    [
      { packageCode: 'provincial', answers: { lawful_company: 'maybe' } },
      422,
      'request.invalid',
      ['answers.lawful_company'],
    ],
    [{ packageCode: 'provincial', answers: [] }, 422, 'request.invalid', ['answers']],
    [{ packageCode: 'provincial', answers: {}, priceFen: 1 }, 422, 'request.invalid', ['priceFen']],
    [{ answers: {} }, 422, 'request.invalid', ['packageCode']],
    [{}, 422, 'request.invalid', ['packageCode', 'answers']],
    [{ packageCode: 'galactic', answers: {} }, 409, 'catalogue.package_not_on_sale', undefined],
    [
      {
        packageCode: 'provincial',
        answers: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`q${at}`, 'yes'])),
      },
      422,
      'request.invalid',
      ['answers'],
    ],
  ])('refuses %j', async (body, status, code, fields) => {
    const refusal = await post('/services/call-centre-licence/pre-checks', body);
    expect([refusal.status, refusal.body.error.code]).toEqual([status, code]);
    expect(refusal.body.error.detail?.fields?.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('knows no service that is not sold', async () => {
    const { status } = await post('/services/hidden/pre-checks', { packageCode: 'small', answers: {} });
    expect(status).toBe(404);
  });
});

import type Router from '@koa/router';
import { createApp } from '../../../src/app.ts';
import { type ErrorCode, errorWords } from '../../../src/contracts/errors.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  description?: string;
  [name: string]: unknown;
}
interface Operation {
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: { in: string; name: string; required?: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
}

let world: TestWorld;
let document: Document;
let page: string;
beforeAll(async () => {
  world = await startWorld();
  document = (await (await fetch(`${world.origin}/openapi.json`)).json()) as Document;
  page = await (await fetch(`${world.origin}/docs`)).text();
}, 60_000);
afterAll(() => world.stop());

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** Every schema in a piece of the document. */
function schemasIn(piece: unknown): Schema[] {
  if (Array.isArray(piece)) return piece.flatMap(schemasIn);
  if (typeof piece !== 'object' || piece === null) return [];
  const own = 'type' in piece || '$ref' in piece || 'anyOf' in piece || 'properties' in piece ? [piece as Schema] : [];
  return [...own, ...Object.values(piece).flatMap(schemasIn)];
}

describe('The document', () => {
  it('is OpenAPI 3.1: paths, operations, parameters, answers', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: 'test' });
    expect(document.servers).toEqual([{ url: world.origin }]);
    for (const { path, method, operation } of operations()) {
      expect(path).toMatch(/^\/[\w/{}.-]*$/);
      expect(METHODS).toContain(method);
      expect(operation.summary).toMatch(/^[A-Z]/);
      expect(Object.keys(operation.responses).some((status) => /^[23]\d\d$/.test(status))).toBe(true);
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('');
      const named = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(named).size).toBe(named.length);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(named.filter((name) => name.startsWith('path '))).toEqual(inPath.map((name) => `path ${name}`));
      for (const parameter of operation.parameters ?? []) {
        expect(['path', 'query', 'header']).toContain(parameter.in);
        if (parameter.in === 'path') expect(parameter.required).toBe(true);
      }
      for (const scheme of operation.security.flatMap((one) => Object.keys(one)))
        expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  });

  it('has schemas that are JSON Schema and point at something', () => {
    const schemas = schemasIn([document.paths, document.components.schemas]);
    expect(schemas.length).toBeGreaterThan(100);
    for (const schema of schemas) {
      if (typeof schema.$ref === 'string') {
        const [, ...steps] = schema.$ref.split('/');
        expect(
          steps.reduce<unknown>((place, step) => (place as Record<string, unknown>)?.[step], document),
        ).toBeDefined();
      }
      if (typeof schema.type === 'string') expect(TYPES).toContain(schema.type);
      if (schema.required && schema.properties)
        for (const name of schema.required) expect(Object.keys(schema.properties)).toContain(name);
      if (schema.enum) expect(new Set(schema.enum).size).toBe(schema.enum.length);
    }
  });

  it('has every route of every door, and no other', () => {
    const app = createApp(world.world, { version: 'test' });
    const { router } = app.middleware.find((middleware) => 'router' in middleware) as unknown as { router: Router };
    const routes = router.stack.flatMap(({ methods, path }) =>
      methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method.toLowerCase()} ${String(path).replace(/:(\w+)/g, '{$1}')}`),
    );
    expect(routes.length).toBeGreaterThan(25);
    expect(
      operations()
        .map(({ path, method }) => `${method} ${path}`)
        .toSorted(),
    ).toEqual(routes.toSorted());
  });

  it('says of each route of the staff door what it asks of who calls', () => {
    const staff = operations().filter(
      ({ path, operation }) => path.startsWith('/staff') && operation.security.length > 0,
    );
    expect(staff.length).toBeGreaterThan(10);
    for (const { path, method, operation } of staff)
      expect([method, path, operation.description]).toEqual([method, path, expect.stringMatching(/^(Needs|For)/)]);
  });

  it('asks for a login where the doors do', async () => {
    for (const { path, method, operation } of operations()) {
      if (operation.parameters?.some((parameter) => parameter.in === 'path') || method === 'delete') continue;
      const answer = await fetch(`${world.origin}${path}`, { method, redirect: 'manual' });
      await answer.body?.cancel();
      expect([`${method} ${path}`, answer.status === 401 && !path.startsWith('/wechat')]).toEqual([
        `${method} ${path}`,
        operation.security.length > 0,
      ]);
    }
  });

  it('has every code of every refusal, with its words', () => {
    const { Refusal } = document.components.schemas;
    const codes = (Refusal!.properties!.error!.properties!.code as { enum: string[] }).enum;
    expect(codes.toSorted()).toEqual(Object.keys(errorWords).toSorted());
    for (const [code, { zh, en }] of Object.entries(errorWords))
      for (const words of [code, zh, en]) expect(Refusal!.description).toContain(words);
  });

  it('says of each route what it refuses with, and the routes keep to it', async () => {
    const customer = await world.person();
    await customer.signInMiniProgram();
    const said = (method: string, path: string) => document.paths[path]![method]!.responses.default!.description;
    const provoked: [string, string, string, unknown, ErrorCode][] = [
      ['post', '/app/sessions/mini-program', '/app/sessions/mini-program', { code: 'wrong' }, 'session.code_refused'],
      ['get', '/app/services/{code}', '/app/services/nothing', undefined, 'catalogue.service_not_found'],
      ['get', '/app/orders/{number}', '/app/orders/TB00000000000000', undefined, 'order.not_found'],
      ['post', '/app/orders', '/app/orders', { amountFen: 1 }, 'request.invalid'],
      ['post', '/app/payments/{number}/look', '/app/payments/P00000000000000000000/look', {}, 'payment.not_found'],
      ['post', '/app/me/phone', '/app/me/phone', { code: 'wrong' }, 'phone.code_refused'],
    ];
    for (const [method, path, address, body, code] of provoked) {
      const answer = await customer.call(method.toUpperCase(), address, body, { 'idempotency-key': 'abcdefgh' });
      expect([path, (answer.body as { error: { code: string } }).error.code]).toEqual([path, code]);
      expect(said(method, path)).toContain(`\`${code}\``);
    }
  });
});

describe('The page of it', () => {
  it('shows every route and every code, and needs no script', () => {
    for (const { path, method } of operations())
      expect(page).toContain(`<b>${method.toUpperCase()}</b> ${path.replace(/[{}]/g, (sign) => sign)}`);
    for (const [code, { zh }] of Object.entries(errorWords)) {
      expect(page).toContain(`<code>${code}</code>`);
      expect(page).toContain(zh);
    }
    expect(page).not.toMatch(/<script|\son\w+=/i);
    const ids = [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]!);
    const links = [...page.matchAll(/<li><a href="#([^"]+)"/g)].map((match) => decodeURIComponent(match[1]!));
    expect(ids).toEqual(links);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

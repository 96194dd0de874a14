import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { type ErrorCode, errorWords } from '../../contracts/errors.ts';
import { permittedRoles, staffPermissions } from '../../contracts/staff.ts';
import type { Need } from '../actor.ts';
import type { AnyRouteShape } from './accept.ts';
import type { Routes } from './routes.ts';

/** Routes of one door, as the documentation shows them. */
export interface DoorRoutes {
  prefix: string;
  tag: string;
  routes: Routes;
  /** Codes that every route of the door can refuse with. */
  refuses: readonly ErrorCode[];
  /** Refuses with a bare status: who cannot prove who they are is told nothing. */
  refusesBare?: boolean;
  /** How one proves who one is. */
  security: readonly ('session' | 'cookie' | 'staff')[];
}

const refusal = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorWords) as [ErrorCode]),
      message: z.string().describe('Chinese sentence'),
      messageEn: z.string().describe('English sentence'),
      detail: z
        .object({ fields: z.array(z.object({ field: z.string(), message: z.string() })).optional() })
        .catchall(z.unknown())
        .optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Refusal', description: refusalTable() });

/** Every code with its words, in one place. */
function refusalTable(): string {
  const rows = Object.entries(errorWords).map(([code, { zh, en }]) => `| \`${code}\` | ${zh} | ${en} |`);
  return ['| code | 中文 | English |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The document, made from the shapes that validate. */
export function openApiDocument(
  doors: readonly DoorRoutes[],
  { version, origin }: { version: string; origin: string },
) {
  const paths: ZodOpenApiPathsObject = {};
  for (const door of doors) {
    for (const { path, methods, route } of described(door.routes)) {
      const address = `${door.prefix}${path}`.replace(/:(\w+)/g, '{$1}');
      for (const method of methods) paths[address] = { ...paths[address], [method]: operation(door, route) };
    }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: '通办 Tongban',
      version,
      description:
        'Answers are `{ data }`, lists `{ data, next }`, refusals `{ error }`. Amounts are whole fen; instants are UTC.',
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'Token of POST /app/sessions/mini-program' },
        staff: {
          type: 'http',
          scheme: 'bearer',
          description: 'Token of POST /staff/sessions, or an API key of POST /staff/api-keys',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tongban_session',
          description:
            'Set by the sign-in with the service account; deeds also need the header X-Requested-With: tongban',
        },
      },
      schemas: { Refusal: refusal },
    },
  });
}

function described(routes: Routes): { path: string; methods: string[]; route: AnyRouteShape }[] {
  return routes.stack.flatMap((layer) => {
    const handler = layer.stack.find((middleware) => 'route' in middleware) as { route?: AnyRouteShape } | undefined;
    const methods = layer.methods.filter((method) => method !== 'HEAD').map((method) => method.toLowerCase());
    return handler?.route ? [{ path: String(layer.path), methods, route: handler.route }] : [];
  });
}

function operation(door: DoorRoutes, route: AnyRouteShape): ZodOpenApiOperationObject {
  return {
    summary: route.summary,
    ...(route.needs ? { description: needOf(route.needs) } : {}),
    tags: [door.tag],
    security: door.security.map((scheme) => ({ [scheme]: [] })),
    parameters: Object.entries(route.headers ?? {}).map(([name, { about, required }]) => ({
      in: 'header' as const,
      name,
      required,
      description: about,
      schema: { type: 'string' as const },
    })),
    requestParams: {
      ...(route.params instanceof z.ZodObject ? { path: route.params } : {}),
      ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
    },
    ...bodyOf(route),
    responses: { [`${route.answers.status}` as '200']: answerOf(route), default: refusalOf(door, route) },
  };
}

function needOf(need: Need): string {
  if (need === 'staff') return 'For everybody who is signed in as staff.';
  if (need === 'person') return 'For everybody who is signed in as staff in person, not through an API key.';
  return `Needs the permission \`${need}\` (${staffPermissions[need]}): ${permittedRoles[need].join(', ')}.`;
}

function bodyOf({ body, takes }: AnyRouteShape): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body) return { requestBody: { required: true, content: { 'application/json': { schema: body } } } };
  if (!takes) return {};
  const { about, contentTypes } = takes;
  const schema = { type: 'string', description: about } as const;
  return {
    requestBody: {
      required: true,
      content: Object.fromEntries(contentTypes.map((contentType) => [contentType, { schema }])),
    },
  };
}

function answerOf({ answers: { status, data, isPage, contentType } }: AnyRouteShape): ZodOpenApiResponseObject {
  const description = status === 204 ? 'Done' : status === 302 ? 'Elsewhere' : 'OK';
  if (data) {
    const schema = isPage ? z.object({ data: z.array(data), next: z.string().nullable() }) : z.object({ data });
    return { description, content: { 'application/json': { schema } } };
  }
  return contentType ? { description, content: { [contentType]: { schema: {} } } } : { description };
}

function refusalOf(door: DoorRoutes, route: AnyRouteShape): ZodOpenApiResponseObject {
  if (door.refusesBare) return { description: 'Refused with a bare status.' };
  const codes = new Set([
    ...(route.body || route.params || route.query ? (['request.invalid'] as const) : []),
    ...(route.refuses ?? []),
    ...(route.needs && route.needs !== 'staff' ? (['staff.not_allowed', 'staff.person_only'] as const) : []),
    ...door.refuses,
  ]);
  const words = [...codes].map((code) => `\`${code}\` ${errorWords[code].zh} · ${errorWords[code].en}`);
  return { description: words.join('\n\n') || 'Refused', content: { 'application/json': { schema: refusal } } };
}

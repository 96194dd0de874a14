import type { ErrorCode, FieldFault } from '../../contracts/errors.ts';
import { z } from 'zod';
import { assertMay, type Need } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { Context } from './routes.ts';

z.config(z.locales.zhCN());

type Shape = z.ZodType;
type Read<S extends Shape | undefined> = S extends Shape ? z.output<S> : undefined;

/** What a route takes, answers and refuses; the documentation is made from the same object. */
export interface RouteShape<
  Body extends Shape | undefined,
  Params extends Shape | undefined,
  Query extends Shape | undefined,
> {
  /** One English line for the documentation. */
  summary: string;
  /** Staff door only, and there always: what it asks of who calls. */
  needs?: Need;
  body?: Body;
  params?: Params;
  query?: Query;
  /** A body that the handler reads by itself, byte by byte. */
  takes?: { contentTypes: readonly string[]; about: string };
  /** Status and shape of `data`. */
  answers: { status: number; data?: Shape; isPage?: boolean; /** Of an answer without `data`. */ contentType?: string };
  /** Codes that this route refuses with, beside those of its door. */
  refuses?: readonly ErrorCode[];
  /** Headers that it reads. */
  headers?: Record<string, { about: string; required: boolean }>;
}

export type AnyRouteShape = RouteShape<Shape | undefined, Shape | undefined, Shape | undefined>;

type Handler = ((ctx: Context) => Promise<void>) & { route?: AnyRouteShape };

/**
 * Checks what came against the shapes, then calls the handler with what was read.
 * @throws {AppError} request.invalid, naming every field; staff.not_allowed, staff.person_only
 */
export function accept<
  Body extends Shape | undefined = undefined,
  Params extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
>(
  shape: RouteShape<Body, Params, Query>,
  handle: (ctx: Context, read: { body: Read<Body>; params: Read<Params>; query: Read<Query> }) => Promise<void>,
): Handler {
  const handler: Handler = async (ctx) => {
    if (shape.needs) assertMay(ctx.state.desk.actor, shape.needs);
    const faults: FieldFault[] = [];
    const read = {
      params: check(shape.params, ctx.params, faults) as Read<Params>,
      query: check(shape.query, { ...ctx.query }, faults) as Read<Query>,
      body: check(shape.body, (ctx.request as { body?: unknown }).body ?? {}, faults) as Read<Body>,
    };
    if (faults.length > 0) throw invalid(faults);
    await handle(ctx, read);
  };
  handler.route = shape as AnyRouteShape;
  return handler;
}

/** A refusal that names fields, for rules that a shape cannot tell. */
export const invalid = (fields: FieldFault[]): AppError => new AppError(422, 'request.invalid', { fields });

/** Reads a value against a shape; what is wrong goes to `faults`, one sentence a field. */
export function check(shape: Shape | undefined, value: unknown, faults: FieldFault[]): unknown {
  if (!shape) return undefined;
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  // A form shows one sentence a field.
  const found = new Map(parsed.error.issues.toReversed().map((issue) => [fieldOf(issue), issue.message]));
  for (const [field, message] of [...found].toReversed()) faults.push({ field, message });
  return undefined;
}

function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return path;
  return issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(', ');
}

import { PayError } from '../errors.ts';
import type { FaultRule } from '../faults.ts';
import type { SimulatorContext } from '../routing.ts';
import type { World } from '../world.ts';
import { answer, answerError, answerFile, type PayFile } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { badField } from './fields.ts';

export type Deed = (ctx: SimulatorContext) => unknown;

export interface Manner {
  /** What of the request is signed, when it is not the body as it came. */
  signed?: (ctx: SimulatorContext) => Buffer;
  /** The kind of body that it takes; JSON when absent. */
  takes?: string;
  /** What the merchant must understand; JSON when absent. */
  accepts?: RegExp;
}

/** Hears a call of the merchant's as WeChat Pay does, does the deed, and answers in its form. */
export const speaker =
  (world: World) =>
  (status: number, deed: Deed, manner: Manner = {}) =>
  (ctx: SimulatorContext): Promise<void> =>
    answered(world, ctx, async () => {
      hear(world, ctx, manner);
      answer(world, ctx, status, await done(ctx.state.fault, () => deed(ctx)));
    });

/** The same for what answers with a file. */
export const fileSpeaker =
  (world: World) =>
  (deed: (ctx: SimulatorContext) => PayFile | Promise<PayFile>, manner: Manner = {}) =>
  (ctx: SimulatorContext): Promise<void> =>
    answered(world, ctx, async () => {
      hear(world, ctx, manner);
      answerFile(ctx, await done(ctx.state.fault, () => deed(ctx)));
    });

/** A file for whoever has its address: neither side signs. */
export const openFileSpeaker =
  (world: World) =>
  (deed: (ctx: SimulatorContext) => PayFile) =>
  (ctx: SimulatorContext): Promise<void> =>
    answered(world, ctx, async () => {
      if (ctx.state.fault) failBefore(ctx.state.fault);
      answerFile(ctx, await done(ctx.state.fault, () => deed(ctx)));
    });

async function answered(world: World, ctx: SimulatorContext, speak: () => Promise<void>): Promise<void> {
  try {
    await speak();
  } catch (error) {
    if (!(error instanceof PayError)) throw error;
    answerError(world, ctx, error);
  }
}

function hear(
  world: World,
  ctx: SimulatorContext,
  { signed, takes = 'application/json', accepts = /application\/json/ }: Manner,
): void {
  const { method, url, headers } = ctx.req;
  authenticate(world, {
    method: method!,
    url: url!,
    authorization: headers.authorization ?? '',
    body: signed ? signed(ctx) : ctx.state.rawBody,
  });
  checkHeaders(ctx, takes, accepts);
  limitRate(world);
  if (ctx.state.fault) failBefore(ctx.state.fault);
}

async function done<T>(fault: FaultRule | null, deed: () => T | Promise<T>): Promise<T> {
  const content = await deed();
  if (fault?.kind === 'error-after-effect') throw systemError(fault);
  return content;
}

/** WeChat Pay wants to know who asks and what is understood. The exact status is not confirmed. */
function checkHeaders(ctx: SimulatorContext, takes: string, accepts: RegExp): void {
  if (ctx.get('User-Agent') === '' || !accepts.test(ctx.get('Accept'))) {
    throw new PayError(400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent', { internalCode: 268435461 });
  }
  if (ctx.state.rawBody.length > 0 && !ctx.get('Content-Type').startsWith(takes)) {
    throw badField('/Content-Type', ctx.get('Content-Type'), `应为${takes}`, undefined, 'header');
  }
}

function limitRate({ pay, clock }: World): void {
  const { rate, settings } = pay;
  const second = clock.seconds();
  if (rate.second !== second) Object.assign(rate, { second, calls: 0 });
  rate.calls += 1;
  if (settings.requestsPerSecond !== null && rate.calls > settings.requestsPerSecond) throw tooFast();
}

function failBefore(fault: FaultRule): void {
  if (fault.kind === 'rate-limited') throw tooFast(fault);
  if (fault.kind === 'error-before') throw systemError(fault);
  if (fault.kind === 'code')
    throw new PayError(fault.status ?? 400, String(fault.code ?? 'INVALID_REQUEST'), '业务错误');
}

const tooFast = (fault?: FaultRule) =>
  new PayError(429, String(fault?.code ?? 'FREQUENCY_LIMITED'), '频率超限，请降低请求频率', {
    internalCode: 268447840,
  });

const systemError = (fault: FaultRule) =>
  new PayError(fault.status ?? 500, String(fault.code ?? 'SYSTEM_ERROR'), '系统异常，请用相同参数重新调用');

/** @throws PayError 400 PARAM_ERROR when the bytes are no JSON object */
export function bodyOf(ctx: SimulatorContext): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(ctx.state.rawBody));
  } catch {
    throw badField('', undefined, '请求体不是合法的JSON');
  }
}

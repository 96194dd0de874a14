import { IllegalMove } from '../../../entities/illegal-move.ts';
import { type ErrorCode, errorWords, type RefusalBody } from '../../contracts/errors.ts';
import { AppError, UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Context } from './routes.ts';

/** Turns whatever was thrown into an answer. Our insides stay here: an unexpected fault is logged, and told as `server.error`. */
export function errorHandler(log: Logger) {
  return async (ctx: Context, next: () => Promise<unknown>): Promise<void> => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) refuse(ctx, new AppError(404, 'request.not_found'));
      else if (ctx.status === 405 || ctx.status === 501) refuse(ctx, new AppError(405, 'request.method_not_allowed'));
    } catch (error) {
      const refusal = refusalFor(error);
      if (refusal.status >= 500)
        log.error({ requestId: ctx.state.requestId, code: refusal.code, err: error }, 'request failed');
      refuse(ctx, refusal);
    }
  };
}

function refuse(ctx: Context, error: AppError): void {
  ctx.status = error.status;
  ctx.body = refusalBody(error.code, ctx.state.requestId, error.detail);
}

export function refusalBody(code: ErrorCode, requestId: string, detail?: RefusalBody['error']['detail']): RefusalBody {
  const { zh, en } = errorWords[code];
  return { error: { code, message: zh, messageEn: en, ...(detail ? { detail } : {}), requestId } };
}

/** A state change that was refused is told in the words of the thing that it is about. */
const MOVES: Record<string, ErrorCode> = {
  'staff member': 'staff.illegal_move',
  campaign: 'campaign.illegal_move',
  task: 'task.illegal_move',
  'refund proposal': 'refund.illegal_move',
  'refund rerouting': 'refund.rerouting_illegal_move',
  'disputed money': 'disputed.illegal_move',
  invoice: 'invoice.illegal_move',
  fapiao: 'invoice.illegal_move',
  difference: 'reconciliation.illegal_move',
  shipment: 'shipment.illegal_move',
  'complaint deed': 'complaint.deed_under_way',
  'government payment': 'government.illegal_move',
  'verification entry': 'account.entry_decided',
};

function refusalFor(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof IllegalMove) {
    return new AppError(409, MOVES[error.what] ?? 'order.illegal_move', { what: error.what, from: error.from });
  }
  if (error instanceof UpstreamError) {
    return error.kind === 'refused' && !error.retryable
      ? new AppError(502, 'upstream.refused')
      : new AppError(503, 'upstream.unavailable');
  }
  const { status } = (error ?? {}) as { status?: unknown };
  if (status === 413) return new AppError(413, 'request.too_large');
  if (status === 415) return new AppError(415, 'request.unsupported_media_type');
  if (status === 400) return new AppError(400, 'request.malformed');
  return new AppError(500, 'server.error');
}

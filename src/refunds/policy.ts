import { permits, type StaffActor } from '../platform/actor.ts';
import type { Work } from '../platform/work.ts';

/** Nobody decides about what they asked for themselves. */
export const isOwn = (who: StaffActor, { proposedBy }: { proposedBy: string | null }): boolean => proposedBy === who.id;

/** The most that this person may approve, fen; the widest of their roles counts. */
export function approvalLimitFen({ config }: Pick<Work, 'config'>, who: StaffActor): number {
  if (!permits(who, 'approve-refunds')) return 0;
  return Math.max(
    who.roles.includes('supervisor') ? config.REFUND_LIMIT_SUPERVISOR_FEN : 0,
    who.roles.includes('finance') ? config.REFUND_LIMIT_FINANCE_FEN : 0,
  );
}

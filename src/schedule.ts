import { LessThan } from 'typeorm';
import { CustomerSession } from '../entities/customer-session.ts';
import { IdempotencyRecord } from '../entities/idempotency-record.ts';
import { ScheduleSlot } from '../entities/schedule-slot.ts';
import { WebSignIn } from '../entities/web-sign-in.ts';
import { WechatPush } from '../entities/wechat-push.ts';
import { removeUnread } from './audiences/index.ts';
import { wakeForgotten } from './campaigns/index.ts';
import { lookAtForgottenFapiao } from './invoices/index.ts';
import { sumUp } from './ledger/index.ts';
import { pullComplaints } from './complaints/index.ts';
import { askForSync } from './messages/index.ts';
import { chaseForgotten, expireForgotten } from './payments/index.ts';
import { fetchDueBills, matchAgain } from './reconciliation/index.ts';
import { lookAtForgotten, refundByItself } from './refunds/index.ts';
import { askAccount, lookAtShipments } from './shipping/index.ts';
import { askDue, remindOfReviews, takeOverAuthorised, turnAccounts } from './verification/index.ts';
import type { TimedWork } from './platform/jobs/index.ts';
import type { Desk } from './platform/work.ts';

const DAY_MS = 24 * 3600_000;

/** Everything that happens by the clock, in Shanghai time. */
export const timedWork: readonly TimedWork[] = [
  {
    name: 'payments.chase_forgotten',
    pattern: '0 */10 * * * *',
    run: async (desk) => void (await chaseForgotten(desk)),
  },
  {
    name: 'orders.expire_forgotten',
    pattern: '0 5-59/10 * * * *',
    run: async (desk) => void (await expireForgotten(desk)),
  },
  { name: 'refunds.look_at_forgotten', pattern: '0 7-59/10 * * * *', run: lookAtForgotten },
  { name: 'refunds.of_disputed', pattern: '0 9-59/10 * * * *', run: refundByItself },
  { name: 'bills.fetch_due', pattern: '0 */15 * * * *', run: fetchDueBills },
  { name: 'reconciliation.match_again', pattern: '0 50 10 * * *', run: matchAgain },
  { name: 'ledger.sum_up', pattern: '0 25 * * * *', run: sumUp },
  { name: 'complaints.pull', pattern: '0 3-59/30 * * * *', run: pullComplaints },
  { name: 'fapiao.look_at_forgotten', pattern: '0 1-59/5 * * * *', run: lookAtForgottenFapiao },
  { name: 'campaigns.wake_forgotten', pattern: '30 */10 * * * *', run: wakeForgotten },
  { name: 'shipping.account', pattern: '0 15 8 * * *', run: async (desk) => void (await askAccount(desk)) },
  { name: 'shipping.look', pattern: '0 25 * * * *', run: lookAtShipments },
  { name: 'accounts.turn', pattern: '30 2-59/5 * * * *', run: turnAccounts },
  { name: 'accounts.ask', pattern: '30 4-59/5 * * * *', run: askDue },
  { name: 'accounts.remind', pattern: '0 10 9 * * *', run: remindOfReviews },
  { name: 'accounts.take_over', pattern: '0 10 6 * * *', run: takeOverAuthorised },
  { name: 'templates.sync', pattern: '0 40 7 * * *', run: askForSync },
  { name: 'housekeeping', pattern: '0 20 4 * * *', run: keepHouse },
];

/** Removes what has served its purpose. Orders, money, consents and their trail are never removed here. */
async function keepHouse(desk: Desk): Promise<void> {
  const before = (days: number) => LessThan(new Date(desk.now().getTime() - days * DAY_MS));
  await desk.transaction((work) => work.db.delete(IdempotencyRecord, { createdAt: before(7) }));
  await desk.transaction((work) => work.db.delete(WebSignIn, { startedAt: before(2) }));
  await desk.transaction((work) => work.db.delete(CustomerSession, { expiresAt: before(30) }));
  await desk.transaction((work) => work.db.delete(WechatPush, { receivedAt: before(90) }));
  await removeUnread(desk);
  await desk.transaction((work) => work.db.delete(ScheduleSlot, { takenAt: before(30) }));
}

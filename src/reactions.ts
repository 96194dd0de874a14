import { Account } from '../entities/account.ts';
import { Order } from '../entities/order.ts';
import { Milestone } from '../entities/order-parts.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import {
  callInstead,
  callUnreachable,
  haltLapsed,
  prepareCampaign,
  resumeLapsed,
  sendCampaign,
  wakeCampaign,
} from './campaigns/index.ts';
import { grantApproved, lookAtComplaint, registerAddress, settleDeed } from './complaints/index.ts';
import { finishMerge, learnFollower } from './identity/index.ts';
import { followRefund, lookAtFapiao, registerFapiao, sendFapiao, sendReverse } from './invoices/index.ts';
import { deliverMessage, followOwnRights, handlePush, say, syncTemplates } from './messages/index.ts';
import { chasePayment, closeRival, expireOrder } from './payments/index.ts';
import type { JobPayloads, Reactions } from './platform/jobs/index.ts';
import type { Desk } from './platform/work.ts';
import { fetchBills, matchDay } from './reconciliation/index.ts';
import { recogniseRevenueOf } from './revenue/index.ts';
import { lookAtRefund, sendRefund, sendRerouting } from './refunds/index.ts';
import {
  correctUploaded,
  deliverOrder,
  learnOfTrade,
  prepareShipment,
  skipRefunded,
  uploadShipment,
} from './shipping/index.ts';
import { timedWork } from './schedule.ts';
import { askToMendTemplate } from './tasks/index.ts';
import {
  askAbout,
  followAuthorisation,
  learnOfEvent,
  learnOfRefusal,
  tellOfVerification,
} from './verification/index.ts';

/** What follows from what. Each may run twice. */
export const reactions: Reactions = {
  'payment.settled': followPayment,
  'payment.chase': chasePayment,
  'payment.close': closeRival,
  'order.expire': expireOrder,
  // The message of the milestone that made it due leads to the order, where it is paid.
  'instalment.due': async () => undefined,
  'milestone.reached': followMilestone,
  'message.deliver': deliverMessage,
  'message.unreached': callInstead,
  'campaign.call': callUnreachable,
  'campaign.prepare': prepareCampaign,
  'campaign.send': sendCampaign,
  'campaign.wake': wakeCampaign,
  'template.blocked': askToMendTemplate,
  'refund.send': sendRefund,
  'refund.look': lookAtRefund,
  'refund.reroute': sendRerouting,
  'bills.fetch': fetchBills,
  'reconciliation.match': matchDay,
  'refund.succeeded': async (desk, payload) => {
    await skipRefunded(desk, payload);
    await followRefund(desk, payload);
    await tellCustomerOfRefund(desk, payload);
  },
  'shipping.upload': uploadShipment,
  'shipping.correct': correctUploaded,
  'trade.told': learnOfTrade,
  'refund.approved': grantApproved,
  'complaint.look': lookAtComplaint,
  'fapiao.send': sendFapiao,
  'fapiao.reverse': sendReverse,
  'fapiao.look': lookAtFapiao,
  'fapiao.register': registerFapiao,
  'complaint.settle_deed': settleDeed,
  'complaints.register': registerAddress,
  'verification.told': learnOfEvent,
  'verification.ask': askAbout,
  'authorisation.told': followAuthorisation,
  'verification.changed': followVerification,
  'account.refused': followRefusal,
  'templates.sync': syncTemplates,
  'wechat.pushed': handlePush,
  'identity.learn_follower': learnFollower,
  'identity.finish_merge': finishMerge,
  'schedule.turn': async (desk, { name }) => timedWork.find((work) => work.name === name)?.run(desk),
};

/** Whatever the news, it is the account's present state that counts: news may come in any order. */
async function followVerification(desk: Desk, payload: JobPayloads['verification.changed']): Promise<void> {
  await tellOfVerification(desk, payload);
  const { appid } = await desk.db.findOneByOrFail(Account, { id: payload.accountId });
  if (appid !== desk.config.OFFICIAL_ACCOUNT_APPID) return;
  let hasRights = await desk.transaction(followOwnRights);
  if (hasRights === false) {
    await haltLapsed(desk);
    // It may have come back while they were halted, and whoever brought that news found nothing to resume.
    hasRights = await desk.transaction(followOwnRights);
  }
  if (hasRights) await resumeLapsed(desk);
}

async function followRefusal(desk: Desk, payload: JobPayloads['account.refused']): Promise<void> {
  await haltLapsed(desk);
  await learnOfRefusal(desk, payload);
}

async function tellCustomerOfRefund(desk: Desk, { refundId }: { refundId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const refund = await work.db.findOneByOrFail(Refund, { id: refundId });
    // Nobody knows whose money it was that no order is known for.
    if (!refund.orderId) return;
    const order = await work.db.findOneByOrFail(Order, { id: refund.orderId });
    await say(work, 'refund-arrived', {
      customerId: order.customerId,
      about: `refund:${refund.id}`,
      facts: {
        orderNumber: order.number,
        amountFen: refund.amountFen,
        arrivedAt: refund.endedAt!.toISOString(),
        reason: refund.reason,
      },
    });
  });
}

/** A later instalment is earned as far as the work is done. */
async function followPayment(desk: Desk, payload: { paymentId: string }): Promise<void> {
  const { orderId } = await desk.db.findOneByOrFail(Payment, { id: payload.paymentId });
  await recogniseRevenueOf(desk, orderId);
  await prepareShipment(desk, payload);
  await tellCustomerOfPayment(desk, payload);
}

async function followMilestone(desk: Desk, payload: JobPayloads['milestone.reached']): Promise<void> {
  await recogniseRevenueOf(desk, payload.orderId);
  await deliverOrder(desk, payload);
  await tellCustomerOfMilestone(desk, payload);
}

async function tellCustomerOfMilestone(desk: Desk, { orderId, code }: JobPayloads['milestone.reached']): Promise<void> {
  await desk.transaction(async (work) => {
    const order = await work.db.findOneByOrFail(Order, { id: orderId });
    const milestone = await work.db.findOneByOrFail(Milestone, { orderId, code });
    await say(work, 'stage-reached', {
      customerId: order.customerId,
      about: `milestone:${milestone.id}`,
      facts: {
        orderNumber: order.number,
        serviceName: order.serviceName,
        stage: milestone.name,
        reachedAt: milestone.reachedAt!.toISOString(),
      },
    });
  });
}

async function tellCustomerOfPayment(desk: Desk, { paymentId }: { paymentId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const payment = await work.db.findOneByOrFail(Payment, { id: paymentId });
    const order = await work.db.findOneByOrFail(Order, { id: payment.orderId });
    await say(work, 'order-paid', {
      customerId: order.customerId,
      about: `payment:${payment.id}`,
      facts: {
        orderNumber: order.number,
        serviceName: order.serviceName,
        amountFen: payment.amountFen,
        paidAt: payment.paidAt!.toISOString(),
      },
    });
  });
}

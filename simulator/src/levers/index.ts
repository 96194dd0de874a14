import { LeverError } from '../errors.ts';
import { newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { accountLevers } from './accounts.ts';
import { billLevers } from './bills.ts';
import { clockLevers } from './clock.ts';
import { complaintLevers } from './complaints.ts';
import { fapiaoLevers } from './fapiao.ts';
import { customerAccountLevers } from './customer-accounts.ts';
import { faultLevers } from './faults.ts';
import { followerLevers } from './followers.ts';
import { messageLevers } from './messages.ts';
import { miniProgramLevers } from './mini-program.ts';
import { noticeLevers } from './notices.ts';
import { openPlatformLevers } from './open-platform.ts';
import { overviewLevers } from './overview.ts';
import { payLevers } from './pay.ts';
import { peopleLevers } from './people.ts';
import { pushLevers } from './pushes.ts';
import { refundLevers } from './refunds.ts';
import { shippingLevers } from './shipping.ts';
import { verificationLevers } from './verification.ts';
import { webLevers } from './web.ts';

/** What tests and the phone page use to move the simulated world; JSON in, JSON out, `{ error }` when refused. */
export function leversRouter(world: World): SimulatorRouter {
  const router = newRouter('/levers');
  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      ctx.status = error.status;
      ctx.body = { error: error.message };
    }
  });
  const levers = [
    overviewLevers(world),
    clockLevers(world),
    peopleLevers(world),
    faultLevers(world),
    payLevers(world),
    refundLevers(world),
    billLevers(world),
    complaintLevers(world),
    fapiaoLevers(world),
    noticeLevers(world),
    accountLevers(world),
    verificationLevers(world),
    followerLevers(world),
    miniProgramLevers(world),
    shippingLevers(world),
    messageLevers(world),
    openPlatformLevers(world),
    customerAccountLevers(world),
    pushLevers(world),
    webLevers(world),
  ];
  for (const part of levers) router.use(part.routes());
  return router;
}

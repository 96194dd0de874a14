import { mountCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { assertRight } from './rights.ts';

/** The ticket that JS-SDK signatures are made with (official documentation, JS-SDK appendix). */
export function mountTicketCalls(router: SimulatorRouter, world: World): void {
  const rules = { path: '/cgi-bin/ticket/getticket', method: 'GET', token: 'official-account' } as const;
  mountCall(router, world, rules, (call) => {
    assertRight(world, 'js-sdk');
    const type = call.query('type');
    if (type !== 'jsapi' && type !== 'wx_card') throw refuse.wrongArgument('type');
    const { ticket, expiresIn } = world.officialAccount.tickets.issue(type);
    return { errcode: 0, errmsg: 'ok', ticket, expires_in: expiresIn };
  });
}

import { In } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { RIGHTS_LAPSED } from '../messages/index.ts';
import { doEach } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { goOnByItself, haltCampaign } from './course.ts';
import { goesByAccount } from './rights-gate.ts';

const about = ({ id }: Campaign) => ({ campaign: id });

/** The service account may not send: what goes by it is halted before WeChat refuses it. */
export async function haltLapsed(desk: Desk): Promise<void> {
  const open = await desk.db.findBy(Campaign, { state: In(['running', 'sleeping']) });
  const those = { of: open, about, fault: 'a campaign could not be halted' };
  const fault = await doEach(desk, those, async ({ id }) => {
    if (await goesByAccount(desk, id)) await haltCampaign(desk, id, RIGHTS_LAPSED);
  });
  if (fault) throw fault as Error;
}

/** The right is back: what was halted for want of it goes on, and nothing else. */
export async function resumeLapsed(desk: Desk): Promise<void> {
  const halted = await desk.db.findBy(Campaign, { state: 'paused', stateReason: RIGHTS_LAPSED });
  const those = { of: halted, about, fault: 'a campaign could not go on' };
  const fault = await doEach(desk, those, ({ id }) => goOnByItself(desk, id, RIGHTS_LAPSED));
  if (fault) throw fault as Error;
}

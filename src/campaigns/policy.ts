import type { Campaign } from '../../entities/campaign.ts';
import { permits, type StaffActor } from '../platform/actor.ts';

/** Whoever prepared a campaign steers it, and whoever releases campaigns steers all. */
export const canSteer = (who: StaffActor, { createdBy }: Pick<Campaign, 'createdBy'>): boolean =>
  createdBy === who.id || permits(who, 'release-campaigns');

import { IsNull, Not } from 'typeorm';
import type { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { RehearsalView } from '../contracts/campaigns.ts';
import { findLapse, type Lapse } from '../messages/index.ts';
import type { Work } from '../platform/work.ts';
import { rightsLapse } from './errors.ts';

const DAY_MS = 24 * 3600_000;

type When = Pick<Campaign, 'startAt' | 'endAt'>;
type Tried = Pick<RehearsalView, 'reachable' | 'waitsUntil' | 'seconds' | 'budget'>;

/** What would keep a campaign from going out by the service account; null: nothing that is known. */
export function findLapseFor(work: Work, when: When, tried: Tried): Promise<Lapse | null> {
  const goesByAccount = tried.reachable.some(({ app, people }) => app === 'official-account' && people > 0);
  return goesByAccount ? findLapse(work, lastSendAt(work, when, tried)) : Promise.resolve(null);
}

/** When its last message goes out, as far as the rehearsal can tell. */
function lastSendAt({ now }: Work, { startAt, endAt }: When, { waitsUntil, seconds, budget }: Tried): Date {
  const days = budget.find(({ app }) => app === 'official-account')?.days ?? 1;
  const beginMs = Math.max(now().getTime(), startAt?.getTime() ?? 0, waitsUntil ? Date.parse(waitsUntil) : 0);
  const lastMs = beginMs + seconds * 1000 + Math.max(0, days - 1) * DAY_MS;
  return new Date(Math.min(lastMs, endAt?.getTime() ?? Infinity));
}

/** @throws {AppError} campaign.rights_lapse */
export async function assertRights(work: Work, when: When, tried: Tried): Promise<void> {
  const lapse = await findLapseFor(work, when, tried);
  if (lapse) throw rightsLapse(lapse);
}

/** Somebody of a released campaign is still to be reached by the service account. */
export const goesByAccount = ({ db }: Work, campaignId: string): Promise<boolean> =>
  db.existsBy(MessageDelivery, { campaignId, state: 'waiting', openid: Not(IsNull()) });

/** @throws {AppError} campaign.rights_lapse */
export async function assertMayGoOn(work: Work, { id }: Pick<Campaign, 'id'>): Promise<void> {
  const lapse = await findLapse(work, work.now());
  if (lapse && (await goesByAccount(work, id))) throw rightsLapse(lapse);
}

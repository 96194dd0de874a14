import { Campaign } from '../../entities/campaign.ts';
import type { Channel } from '../../entities/message-delivery.ts';
import { findTemplate } from '../../templates/messages/index.ts';
import { type RehearsalView, type UnreachedReason, unreachedWords } from '../contracts/campaigns.ts';
import type { CardView } from '../contracts/messages.ts';
import { type Audience, readAudience } from '../audiences/index.ts';
import { cardOf, dayBudget } from '../messages/index.ts';
import { endOfHours } from '../platform/calendar.ts';
import { notAllowed, type StaffActor } from '../platform/actor.ts';
import type { Desk } from '../platform/work.ts';
import { resolveAudience } from './choose-audience.ts';
import { getCampaign, lockOwn, subjectOf } from './draft.ts';
import { notEditable, nobodyToReach } from './errors.ts';
import { evaluate, type Evaluated } from './evaluate.ts';
import { canSteer } from './policy.ts';
import { usableTemplates } from './reach.ts';
import { findLapseFor } from './rights-gate.ts';

const SLICE = 5000;
const SAMPLES = 3;
const NAMED_VIOLATIONS = 20;

/**
 * Tries a campaign out without sending anything, and keeps what came out.
 * @throws {AppError} campaign.not_found, staff.not_allowed, campaign.not_editable, campaign.nobody_to_reach when the audience is
 * empty, audience.segment_not_found, audience.list_not_found
 */
export async function rehearse(desk: Desk, who: StaffActor, id: string): Promise<Campaign> {
  const campaign = await getCampaign(desk, id);
  if (!canSteer(who, campaign)) throw notAllowed();
  const audience = await resolveAudience(desk, campaign);
  const rehearsal = await tryOut(desk, campaign, audience);
  if (rehearsal.people === 0) throw nobodyToReach();
  return desk.transaction(async (work) => {
    const current = await lockOwn(work, who, id);
    const isChanged = JSON.stringify(contentOf(current)) !== JSON.stringify(contentOf(campaign));
    if (isChanged || (current.state !== 'draft' && current.state !== 'awaiting_release')) throw notEditable();
    Object.assign(current, { rehearsal, query: foundBySegment(campaign, audience) });
    await work.db.save(Campaign, current);
    const { people, reachable } = rehearsal;
    work.audit({ deed: 'campaign-rehearsed', subject: subjectOf(current), after: { people, reachable } });
    return current;
  });
}

const foundBySegment = (campaign: Campaign, audience: Audience) =>
  campaign.audience.kind === 'segment' && audience.kind === 'query' ? audience.query : null;

const contentOf = ({ message, facts, audience, link, startAt, endAt }: Campaign) => [
  message,
  facts,
  audience,
  link,
  startAt,
  endAt,
];

interface Tally {
  people: number;
  duplicates: number;
  reachable: Record<Channel, number>;
  unreachable: Partial<Record<UnreachedReason, number>>;
  violations: RehearsalView['violations'];
  samples: CardView[];
}

async function tryOut(desk: Desk, campaign: Campaign, audience: Audience): Promise<RehearsalView> {
  const templates = await usableTemplates(desk, campaign.message, { evenLapsed: true });
  const tally: Tally = {
    people: 0,
    duplicates: 0,
    reachable: { 'official-account': 0, 'mini-program': 0 },
    unreachable: {},
    violations: { people: 0, first: [] },
    samples: [],
  };
  for (let after: string | null = null; ;) {
    const people = await readAudience(desk, audience, campaign.scope, { after, limit: SLICE });
    for (const one of await evaluate(desk, campaign, templates, people)) count(tally, campaign, one);
    if (people.length < SLICE) break;
    after = people.at(-1)!.customerId;
  }
  return summary(desk, campaign, tally);
}

function count(tally: Tally, { message }: Campaign, { person, facts, faults, reach }: Evaluated): void {
  tally.people += 1;
  tally.duplicates += person.orders - 1;
  if (faults.length > 0) {
    tally.violations.people += 1;
    if (tally.violations.first.length < NAMED_VIOLATIONS)
      tally.violations.first.push({
        customerId: person.customerId,
        orderNumber: person.orderNumber ?? null,
        fields: faults,
      });
  }
  if (typeof reach === 'string') {
    tally.unreachable[reach] = (tally.unreachable[reach] ?? 0) + 1;
    return;
  }
  tally.reachable[reach.channel] += 1;
  if (tally.samples.length < SAMPLES) tally.samples.push(cardOf(findTemplate(message)!, facts));
}

/** Days on which something is sent: what does not go out today waits for the next. */
const daysFor = (needed: number, { limit, used }: { limit: number; used: number }): number => {
  const over = needed - Math.max(0, limit - used);
  return needed === 0 ? 0 : over <= 0 ? 1 : Math.ceil(over / limit) + (used < limit ? 1 : 0);
};

async function summary(desk: Desk, campaign: Campaign, tally: Tally): Promise<RehearsalView> {
  const { config } = desk;
  const apps = Object.keys(tally.reachable) as Channel[];
  const total = apps.reduce((sum, app) => sum + tally.reachable[app], 0);
  const waitsUntil = config.QUIET_HOURS && endOfHours(config.QUIET_HOURS, campaign.startAt ?? desk.now());
  const budget = await Promise.all(
    apps.map(async (app) => {
      const day = await dayBudget(desk, app);
      const needed = tally.reachable[app];
      return { app, ...day, needed, days: daysFor(needed, day) };
    }),
  );
  const reachable = apps.map((app) => ({ app, people: tally.reachable[app] }));
  const seconds = Math.ceil(total / config.SENDS_PER_SECOND);
  const tried = { reachable, budget, seconds, waitsUntil: waitsUntil ? waitsUntil.toISOString() : null };
  return {
    ...tried,
    rehearsedAt: desk.now().toISOString(),
    people: tally.people,
    duplicates: tally.duplicates,
    unreachable: (Object.entries(tally.unreachable) as [UnreachedReason, number][]).map(([reason, people]) => ({
      reason,
      words: unreachedWords[reason],
      people,
    })),
    violations: tally.violations,
    needsSecondPerson: total > config.CAMPAIGN_SECOND_PERSON_ABOVE,
    rightsLapse: await findLapseFor(desk, campaign, tried),
    samples: tally.samples,
  };
}

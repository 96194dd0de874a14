import { In, MoreThan } from 'typeorm';
import { Campaign } from '../../entities/campaign.ts';
import { Customer } from '../../entities/customer.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { StaffMember } from '../../entities/staff-member.ts';
import type { Task } from '../../entities/task.ts';
import { findTemplate } from '../../templates/messages/index.ts';
import { reasonWords } from '../contracts/campaigns.ts';
import { deliveryStates } from '../contracts/states.ts';
import { cardOf, faultsOfFacts } from '../messages/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { type NewTask, openTasks } from '../tasks/index.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** Whoever a campaign cannot reach is to be called, as far as that is known when its people are written down. */
    'campaign.call': { campaignId: string };
  }
}

const HOUR_MS = 3600_000;
/** A message by itself that did not arrive: its sender calls within so long. */
const WITHIN_HOURS = 24;
const SLICE = 500;

/** States in which a message has not told the person anything. */
const NOT_TOLD = ['unreachable', 'blocked', 'failed', 'refused'] as const;

/** The job `message.unreached`: a message of staff did not arrive, or nobody knows whether it did. */
export async function callInstead(desk: Desk, { deliveryId }: { deliveryId: string }): Promise<void> {
  await desk.transaction(async (work) => {
    const delivery = await work.db.findOneByOrFail(MessageDelivery, { id: deliveryId });
    const { campaignId, state } = delivery;
    if (!campaignId && state === 'unknown') return openTasks(work, [await askToDecide(work, delivery)]);
    if (!NOT_TOLD.some((one) => one === state)) return;
    const calls = campaignId
      ? await callsOf(work, campaignId)
      : { withinHours: WITHIN_HOURS, ownerIds: ownersOf(delivery) };
    if (calls) await openTasks(work, await callsFor(work, [delivery], calls));
  });
}

const ownersOf = ({ sentBy }: MessageDelivery): string[] => (sentBy ? [sentBy] : []);

/** The job `campaign.call`, slice by slice; goes on where it was cut off, as what is on the list already stays. */
export async function callUnreachable(desk: Desk, { campaignId }: { campaignId: string }): Promise<void> {
  for (let after = ''; ;) {
    const slice = await desk.db.find(MessageDelivery, {
      where: { campaignId, state: 'unreachable', id: MoreThan(after) },
      order: { id: 'ASC' },
      take: SLICE,
    });
    const isWanted = await desk.transaction(async (work) => {
      const calls = await callsOf(work, campaignId);
      if (calls) await openTasks(work, await callsFor(work, slice, calls));
      return calls !== null;
    });
    if (!isWanted || slice.length < SLICE) return;
    after = slice.at(-1)!.id;
  }
}

/** Asks for the calls to those who are known to be out of reach. */
export async function askForCalls(work: Transaction, { id, calls }: Campaign): Promise<void> {
  if (calls) await enqueue(work, 'campaign.call', { campaignId: id }, { key: `campaign.call:${id}` });
}

interface Calls {
  withinHours: number;
  ownerIds: string[];
}

/** Null when nobody is to be called. */
async function callsOf({ db }: Work, campaignId: string): Promise<Calls | null> {
  const { calls, state, createdBy } = await db.findOneByOrFail(Campaign, { id: campaignId });
  if (!calls || state === 'stopped') return null;
  const owners = await db.findBy(StaffMember, { username: In(calls.owners), state: 'active' });
  // In one order always, so that a repeat gives nobody's call to somebody else.
  const ownerIds = owners.map(({ id }) => id).toSorted();
  return { withinHours: calls.withinHours, ownerIds: ownerIds.length > 0 ? ownerIds : [createdBy] };
}

async function callsFor(work: Work, deliveries: readonly MessageDelivery[], calls: Calls): Promise<NewTask[]> {
  // Another team's customers are theirs to call.
  const own = deliveries.filter(({ reason }) => reason !== 'foreign_team');
  const customers = await work.db.findBy(Customer, { id: In(own.map(({ customerId }) => customerId)) });
  const teams = new Map(customers.map(({ id, teamId }) => [id, teamId]));
  return own.map((delivery) =>
    callTask(
      work,
      delivery,
      { ownerId: shareOut(calls.ownerIds, delivery.id), teamId: teams.get(delivery.customerId) ?? null },
      calls.withinHours,
    ),
  );
}

/** Somebody is to say by telephone what a message did not. */
export const callTask = (
  { now }: Work,
  delivery: MessageDelivery,
  whose: Pick<Task, 'ownerId' | 'teamId'>,
  withinHours = WITHIN_HOURS,
): NewTask => ({
  ...taskAbout(delivery),
  ...whose,
  kind: 'call',
  title: `致电客户：${titleOf(delivery)}`,
  note: noteOf(delivery),
  dueAt: new Date(now().getTime() + withinHours * HOUR_MS),
});

const taskAbout = ({ id, customerId, campaignId, facts }: MessageDelivery) => ({
  about: `delivery:${id}`,
  customerId,
  campaignId,
  deliveryId: id,
  orderNumber: typeof facts['orderNumber'] === 'string' ? facts['orderNumber'] : null,
});

const titleOf = ({ message }: MessageDelivery): string => findTemplate(message)?.title ?? message;

/** The last digits of an id are as good as drawn. */
const shareOut = (ownerIds: readonly string[], id: string): string | null =>
  ownerIds[Number.parseInt(id.slice(-8), 16) % ownerIds.length] ?? null;

/** Why there was no message, and what it would have said. */
function noteOf(delivery: MessageDelivery): string {
  const why = `${deliveryStates[delivery.state]}${delivery.reason ? `（${reasonWords(delivery.reason)}）` : ''}`;
  const template = findTemplate(delivery.message);
  if (!template || faultsOfFacts(template, delivery.facts).length > 0) return why;
  const { rows } = cardOf(template, delivery.facts);
  return [why, ...rows.map(({ label, value }) => `${label}：${value}`)].join('\n');
}

/** What the task is about that asks for a decision. */
export const aboutUnknown = (deliveryId: string) => `unknown:${deliveryId}`;

async function askToDecide(work: Work, delivery: MessageDelivery): Promise<NewTask> {
  const { teamId } = await work.db.findOneByOrFail(Customer, { id: delivery.customerId });
  return {
    ...taskAbout(delivery),
    about: aboutUnknown(delivery.id),
    kind: 'attention',
    title: `是否重发：${titleOf(delivery)}`,
    note: '微信的答复丢失，无法确认客户是否收到。请决定重发、致电或不再处理。',
    ownerId: delivery.sentBy,
    teamId,
    dueAt: new Date(work.now().getTime() + WITHIN_HOURS * HOUR_MS),
  };
}

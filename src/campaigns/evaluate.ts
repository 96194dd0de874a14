import type { Campaign } from '../../entities/campaign.ts';
import { findTemplate, type MessageTemplate } from '../../templates/messages/index.ts';
import type { Concerned } from '../audiences/index.ts';
import { faultsOfFacts } from '../messages/index.ts';
import type { Work } from '../platform/work.ts';
import { findReach, type Reach, type Templates } from './reach.ts';

/** What a campaign would say to one person, and how it would reach them. */
export interface Evaluated {
  person: Concerned;
  facts: Record<string, unknown>;
  reach: Reach;
  /** Facts of this person that do not fit, by name. */
  faults: string[];
}

/** What each person's order says by itself, where the message wants it and nothing else was given. */
export const ownFacts = ['orderNumber', 'serviceName'] as const;

export function factsFor(
  template: MessageTemplate,
  common: Record<string, unknown>,
  own: Partial<Record<(typeof ownFacts)[number], string | undefined>>,
): Record<string, unknown> {
  const wanted = ownFacts.filter(
    (name) => name in template.facts.shape && !(name in common) && own[name] !== undefined,
  );
  return { ...common, ...Object.fromEntries(wanted.map((name) => [name, own[name]])) };
}

export async function evaluate(
  work: Work,
  campaign: Pick<Campaign, 'message' | 'facts'>,
  templates: Templates,
  people: readonly Concerned[],
): Promise<Evaluated[]> {
  const template = findTemplate(campaign.message)!;
  const reach = await findReach(
    work,
    templates,
    people.map(({ customerId }) => customerId),
  );
  return people.map((person) => {
    const facts = factsFor(template, { ...campaign.facts, ...person.facts }, person);
    const faults = faultsOfFacts(template, facts).map(({ field }) => field);
    return { person, facts, faults, reach: reachOf(person, faults, reach.get(person.customerId)!) };
  });
}

function reachOf({ isForeign }: Concerned, faults: readonly string[], reach: Reach): Reach {
  if (isForeign) return 'foreign_team';
  return faults.length > 0 ? 'facts_invalid' : reach;
}

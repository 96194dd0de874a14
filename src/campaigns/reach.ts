import { In, MoreThan } from 'typeorm';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { MessageBinding } from '../../entities/message-binding.ts';
import { type Channel, MessageDelivery } from '../../entities/message-delivery.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { UnreachedReason } from '../contracts/campaigns.ts';
import { isBlocked, isHeldForRights, type Way } from '../messages/index.ts';
import type { Work } from '../platform/work.ts';

/** Who refused our messages is not written to by the service account for so long. */
const BLOCKED_FOR_MS = 30 * 24 * 3600_000;

export type Reach = Way | UnreachedReason;

/** The templates that serve a message now. */
export interface Templates {
  account: string | null;
  program: string | null;
  /** There is one, but nothing may be sent with it. */
  isBlocked: boolean;
}

/** @param evenLapsed also those that only wait for the right of the service account: it may be back when they are needed */
export async function usableTemplates({ db }: Work, message: string, { evenLapsed = false } = {}): Promise<Templates> {
  const bindings = await db.findBy(MessageBinding, { message });
  const isUsable = (binding: MessageBinding) => !isBlocked(binding) || (evenLapsed && isHeldForRights(binding));
  const usable = (app: Channel) =>
    bindings.find((binding) => binding.appKind === app && isUsable(binding))?.templateId ?? null;
  return {
    account: usable('official-account'),
    program: usable('mini-program'),
    isBlocked: bindings.some(isBlocked),
  };
}

type Contact = Pick<WechatIdentity, 'customerId' | 'appKind' | 'appid' | 'openid' | 'unionid' | 'follow'>;

/** How each of many customers can be reached with a message: the same choice as for one, in a few statements. */
export async function findReach(
  work: Work,
  templates: Templates,
  customerIds: readonly string[],
): Promise<Map<string, Reach>> {
  const contacts = new Map<string, Contact[]>();
  for (const contact of await contactsOf(work, customerIds))
    contacts.set(contact.customerId, [...(contacts.get(contact.customerId) ?? []), contact]);
  const blocked = await findBlocked(work, customerIds);
  const follower = (id: string) =>
    templates.account && !blocked.has(id)
      ? contacts.get(id)?.find(({ appKind, follow }) => appKind === 'official-account' && follow === 'following')
      : undefined;
  const others = customerIds.filter((id) => !follower(id));
  const programs = others.flatMap((id) => (contacts.get(id) ?? []).filter(({ appKind }) => appKind === 'mini-program'));
  const left = await consentsOf(work, templates, programs);
  return new Map(
    customerIds.map((id): [string, Reach] => {
      const account = follower(id);
      if (account) return [id, wayTo('official-account', account, templates.account!)];
      const theirs = contacts.get(id) ?? [];
      const program = theirs.find(({ appKind, openid }) => appKind === 'mini-program' && (left.get(openid) ?? 0) > 0);
      if (program) return [id, wayTo('mini-program', program, templates.program!)];
      return [id, whyNot(templates, theirs, blocked.has(id))];
    }),
  );
}

const wayTo = (channel: Channel, { appid, openid }: Contact, templateId: string): Way => ({
  channel,
  appid,
  openid,
  templateId,
});

function whyNot(templates: Templates, theirs: readonly Contact[], isBlockedBefore: boolean): UnreachedReason {
  if (theirs.length === 0) return 'no_wechat_identity';
  if (!templates.account && !templates.program)
    return templates.isBlocked ? 'template_blocked' : 'template_not_configured';
  if (isBlockedBefore) return 'blocked_before';
  const account = theirs.find(({ appKind }) => appKind === 'official-account');
  const follows = account?.follow === 'following';
  if (follows) return templates.isBlocked ? 'template_blocked' : 'template_not_configured';
  const isJoined = account !== undefined || theirs.some(({ unionid }) => unionid !== null);
  return isJoined ? 'not_following_and_no_consent' : 'no_unionid';
}

/** Last seen first. */
function contactsOf({ db }: Work, customerIds: readonly string[]): Promise<Contact[]> {
  return db
    .createQueryBuilder(WechatIdentity, 'known')
    .select(['customerId', 'appKind', 'appid', 'openid', 'unionid', 'follow'].map((name) => `known.${name} AS ${name}`))
    .where({ customerId: In([...customerIds]) })
    .orderBy('known.seenAt', 'DESC')
    .getRawMany<Contact>();
}

async function findBlocked({ db, now }: Work, customerIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .createQueryBuilder(MessageDelivery, 'sent')
    .select('DISTINCT sent.customerId', 'customerId')
    .where({
      customerId: In([...customerIds]),
      state: 'blocked',
      channel: 'official-account',
      endedAt: MoreThan(new Date(now().getTime() - BLOCKED_FOR_MS)),
    })
    .getRawMany<{ customerId: string }>();
  return new Set(rows.map(({ customerId }) => customerId));
}

async function consentsOf(
  { db }: Work,
  { program }: Templates,
  contacts: readonly Contact[],
): Promise<Map<string, number>> {
  if (!program || contacts.length === 0) return new Map();
  const rows = await db
    .createQueryBuilder(ConsentEntry, 'entry')
    .select('entry.openid', 'openid')
    .addSelect('SUM(entry.delta)', 'consents')
    .where({ templateId: program, appid: contacts[0]!.appid, openid: In(contacts.map(({ openid }) => openid)) })
    .groupBy('entry.openid')
    .getRawMany<{ openid: string; consents: number | string }>();
  // Sums of raw queries are texts on one of the databases.
  return new Map(rows.map(({ openid, consents }) => [openid, Number(consents)]));
}

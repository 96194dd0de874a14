import type { Account, VerificationEntry } from '../../entities/account.ts';
import { accountKinds, verificationParts, verificationSources, verificationStates } from '../contracts/accounts.ts';
import {
  type AccountChangeView,
  type BadgeLinkView,
  badgeSources,
  type BadgeView,
  type CustomerAccountView,
} from '../contracts/customer-accounts.ts';
import type { Work } from '../platform/work.ts';
import { derive } from './derive.ts';
import { presentAccount } from './presenter.ts';
import { type Folded, type Known, type Standing, valuesOf } from './standing.ts';
import { wordsOf } from './words.ts';

/** The account as it stands at this moment: the clock, which turns accounts over, may be minutes behind. */
export const asItStands = (account: Account, { standing }: Folded, now: Date): Account =>
  Object.assign(Object.create(Object.getPrototypeOf(account) as object) as Account, account, derive(standing, now));

export function presentToCustomer(
  account: Account,
  folded: Folded,
  { work, offer }: { work: Work; offer: CustomerAccountView['offer'] },
): CustomerAccountView {
  const current = asItStands(account, folded, work.now());
  return {
    ...presentAccount(current, folded, work.now()),
    offer,
    authoriseAt: canAuthorise(work, account) ? AUTHORISE_PAGE : null,
    badge: account.badgeCode === null ? null : presentBadgeLink(work, account.badgeCode),
    canShowBadge: canShowBadge(current),
  };
}

const AUTHORISE_PAGE = '/accounts/authorise/index';

/** WeChat cannot be asked, and could be if the owner said so. */
const canAuthorise = ({ config }: Pick<Work, 'config'>, { nextAskAt }: Account): boolean =>
  nextAskAt === null && config.OPEN_PLATFORM_APPID !== undefined;

/** What has never been verified has nothing to show. */
export const canShowBadge = ({ rights }: Pick<Account, 'rights'>): boolean => rights === 'granted';

export const presentBadgeLink = ({ config }: Pick<Work, 'config'>, code: string): BadgeLinkView => ({
  code,
  address: `${config.PUBLIC_ORIGIN}/#/accounts/badge/index?code=${code}`,
});

/** A refusal that followed another changed nothing, and is told all the same. */
const TOLD_AGAIN = ['attempt', 'naming'];

export function presentChange(entry: VerificationEntry): AccountChangeView {
  const again = valuesOf(entry.said)
    .filter(([part]) => TOLD_AGAIN.includes(part))
    .map(([part, value]) => ({ part, before: null, after: wordsOf(part, value) }));
  const changes = entry.changes.length > 0 ? entry.changes : again;
  return {
    id: entry.id,
    source: entry.source,
    sourceWords: verificationSources[entry.source],
    changes: changes.map(({ part, before, after }) => ({
      part,
      partWords: part === 'state' ? '状态' : verificationParts[part],
      before,
      after,
    })),
    reason: entry.said.reason ?? null,
    happenedAt: entry.happenedAt.toISOString(),
    knownAt: (entry.decidedAt ?? entry.recordedAt).toISOString(),
  };
}

/** Nothing but what everybody may see: no ids, no customer, no appid. Null while nothing is known. */
export function presentBadge(account: Account, folded: Folded, now: Date): BadgeView | null {
  const { kind, name, subject, state, rights, tick, expiresAt } = asItStands(account, folded, now);
  const said = lastSaidOf(folded.standing, now);
  if (state === 'unknown' || !said) return null;
  return {
    name,
    subject,
    kind,
    kindWords: accountKinds[kind],
    state,
    stateWords: verificationStates[state],
    isValid: rights === 'granted',
    hasTick: tick === 'shown',
    expiresAt: expiresAt?.toISOString() ?? null,
    asOf: said.at.toISOString(),
    sourceWords: badgeSources[said.source],
  };
}

/** Who spoke last of what the state follows from; an end that nobody has spoken of since is told by the clock. */
function lastSaidOf(
  { qualification, naming, attempt, expiry }: Standing,
  now: Date,
): Pick<Known<unknown>, 'source' | 'at'> | null {
  const said = [qualification, naming, attempt, expiry].filter((known) => known !== undefined);
  const last = said.toSorted((one, other) => +other.at - +one.at)[0];
  const end = expiry?.value;
  return last && end && end < now && last.at < end ? { source: 'clock', at: end } : (last ?? null);
}

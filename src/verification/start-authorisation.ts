import { AuthorisationStart } from '../../entities/authorisation-start.ts';
import { Customer } from '../../entities/customer.ts';
import type { AuthorisationLinkView } from '../contracts/accounts.ts';
import { newToken, sha256 } from '../platform/crypto.ts';
import { newId } from '../platform/ids.ts';
import type { AuthorisationLinks } from '../platform/open-platform/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { authorisationUnavailable, customerNotFound } from './errors.ts';

const DAY_MS = 24 * 3600_000;
/** Who manages the account may be somebody else than the customer, and not at the desk today. */
const LINK_LASTS_MS = 7 * DAY_MS;

/**
 * Makes a link of ours for a customer. WeChat's own, which lasts for minutes, is made when it is opened.
 * @param startedBy the member of staff who sends it; null: the customer
 * @throws {AppError} account.authorisation_unavailable, customer.not_found
 */
export async function startAuthorisation(
  desk: Desk,
  customerId: string,
  startedBy: string | null,
): Promise<AuthorisationLinkView> {
  if (!desk.openPlatform) throw authorisationUnavailable();
  return desk.transaction(async (work) => {
    const customer = await work.db.findOneBy(Customer, { id: customerId });
    if (!customer || customer.mergedIntoId) throw customerNotFound();
    return makeStart(work, customerId, startedBy);
  });
}

async function makeStart(
  work: Transaction,
  customerId: string,
  startedBy: string | null,
): Promise<AuthorisationLinkView> {
  const token = newToken();
  const start = Object.assign(new AuthorisationStart(), {
    id: newId(),
    customerId,
    tokenHash: sha256(token),
    startedBy,
    createdAt: work.now(),
    expiresAt: new Date(work.now().getTime() + LINK_LASTS_MS),
  });
  await work.db.insert(AuthorisationStart, start);
  if (startedBy)
    work.audit({
      deed: 'authorisation-link-made',
      subject: { kind: 'customer', id: customerId },
      after: { id: start.id },
    });
  return { url: `${pageOf(work, token)}`, expiresAt: start.expiresAt.toISOString() };
}

const pageOf = ({ config }: Pick<Work, 'config'>, token: string) =>
  `${config.PUBLIC_ORIGIN}/app/authorisations/${token}`;

/** Null when there is no such link, or it is over. One that was used leads to what became of it. */
export async function findStart(
  { db, now }: Pick<Work, 'db' | 'now'>,
  token: string,
): Promise<AuthorisationStart | null> {
  const start = await db.findOneBy(AuthorisationStart, { tokenHash: sha256(token) });
  return start && start.expiresAt > now() ? start : null;
}

/** WeChat's own links for one that is open, by which it will be known again. @throws {UpstreamError} */
export async function openStart(desk: Desk, start: AuthorisationStart, token: string): Promise<AuthorisationLinks> {
  const links = await desk.openPlatform!.authorisationLinks({
    redirectUri: `${pageOf(desk, token)}/return`,
    kind: 'any',
  });
  const preAuthMark = sha256(new URL(links.desktop).searchParams.get('pre_auth_code')!);
  await desk.transaction((work) => work.db.update(AuthorisationStart, { id: start.id }, { preAuthMark }));
  return links;
}

import { MoreThan } from 'typeorm';
import { Shipment, TradeManagement } from '../../entities/shipment.ts';
import { type ShippingAccountView, type TradeManaged, tradeManagements } from '../contracts/shipping.ts';
import { UpstreamError } from '../platform/errors.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';
import { askForUpload } from './claim.ts';

/** Asked by the clock once a day; two hours for a turn that comes late. */
const HOLDS_MS = 26 * 3600_000;

/** What WeChat last said of the mini-program's shipping management; asked when that is too long ago. */
export async function accountOf(desk: Desk): Promise<TradeManagement> {
  const known = await findAccount(desk);
  const isFresh = known && desk.now().getTime() - known.askedAt.getTime() < HOLDS_MS;
  return isFresh ? known : askAccount(desk);
}

export const findAccount = ({ db, config }: Work): Promise<TradeManagement | null> =>
  db.findOneBy(TradeManagement, { id: config.MINI_PROGRAM_APPID });

/** Asks WeChat. What it does not say stays as it was; what was never said is unknown. */
export async function askAccount(desk: Desk): Promise<TradeManagement> {
  const managed = await said(() => desk.miniProgram.isTradeManaged());
  const confirmed = await said(() => desk.miniProgram.isTradeConfirmed());
  return desk.transaction(
    async (work) => {
      const before = await findAccount(work);
      const account = Object.assign(new TradeManagement(), {
        id: work.config.MINI_PROGRAM_APPID,
        managed: managed.word ?? before?.managed ?? 'unknown',
        confirmed: confirmed.word ?? before?.confirmed ?? 'unknown',
        askedAt: work.now(),
        saidAt: managed.word ? work.now() : (before?.saidAt ?? null),
        failure: managed.failure ?? confirmed.failure,
      });
      await work.db.save(TradeManagement, account);
      if (before?.managed === 'no' && account.managed === 'yes') await takeBack(work, before.saidAt!);
      return account;
    },
    { retryDuplicates: true },
  );
}

async function said(ask: () => Promise<boolean>): Promise<{ word: TradeManaged | null; failure: string | null }> {
  try {
    return { word: (await ask()) ? 'yes' : 'no', failure: null };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { word: null, failure: error.code };
  }
}

/** The account became managed since it was last said not to be; payments from before are not in the management. */
async function takeBack(work: Transaction, since: Date): Promise<void> {
  const where = { state: 'not_required' as const, failure: 'not_managed', paidAt: MoreThan(since) };
  for (const shipment of await work.db.findBy(Shipment, where)) {
    shipment.becomeDue(work.now());
    await work.db.save(Shipment, shipment);
    await askForUpload(work, shipment);
  }
}

export const presentAccount = (account: TradeManagement | null): ShippingAccountView => ({
  managed: account?.managed ?? 'unknown',
  managedWords: tradeManagements[account?.managed ?? 'unknown'],
  confirmed: account?.confirmed ?? 'unknown',
  askedAt: account?.askedAt.toISOString() ?? null,
  failure: account?.failure ?? null,
});

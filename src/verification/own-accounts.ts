import { In, IsNull } from 'typeorm';
import { Account } from '../../entities/account.ts';
import { insertAll } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Desk } from '../platform/work.ts';

/** The agency's own service account and mini-program stand in the list from the beginning, and are asked about at once. */
export async function registerOwnAccounts(desk: Desk): Promise<void> {
  const { config } = desk;
  const own = [
    { kind: 'service' as const, appid: config.OFFICIAL_ACCOUNT_APPID, name: config.OFFICIAL_ACCOUNT_NAME },
    { kind: 'mini_program' as const, appid: config.MINI_PROGRAM_APPID, name: '小程序' },
  ];
  const known = await desk.db.findBy(Account, { appid: In(own.map(({ appid }) => appid)), customerId: IsNull() });
  const wanted = own.filter(({ appid }) => !known.some((account) => account.appid === appid));
  if (wanted.length === 0) return;
  await desk.transaction((work) => {
    const now = work.now();
    const rows = wanted.map((one) =>
      Object.assign(new Account(), one, { id: newId(), nextAskAt: now, createdAt: now }),
    );
    return insertAll(work.db, Account, rows, { ifNew: true });
  });
}

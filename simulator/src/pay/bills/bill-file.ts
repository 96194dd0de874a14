import { createHash } from 'node:crypto';
import type { FaultKind } from '../../faults.ts';
import type { World } from '../../world.ts';
import { fundSheet } from './fund-sheet.ts';
import { plantedFund, plantedTrade } from './planted-books.ts';
import { writeSheet, type Sheet } from './sheet.ts';
import { spoilSheet, spoilsText } from './spoil-sheet.ts';
import type { BillFile } from './state.ts';
import { rowsOfType, tradeSheet, type TradeBillType } from './trade-sheet.ts';

/** `BASIC` is the fund-flow bill of the basic account, the only one that this merchant has. */
export type BillKind = TradeBillType | 'BASIC';

/** The file of a day, the same every time unless a fault spoils it; null: nothing happened. */
export function billFile(world: World, day: string, kind: BillKind, fault?: FaultKind): BillFile | null {
  if (fault && spoilsText(fault)) {
    const sheet = sheetOf(world, day, kind);
    return sheet && fileOf(writeSheet(spoilSheet(sheet, fault), { hasBom: fault !== 'bill-no-bom' }));
  }
  const { files } = world.pay.bills.of(day);
  const kept = files.get(kind);
  if (kept) return kept;
  const sheet = sheetOf(world, day, kind);
  if (!sheet) return null;
  const file = fileOf(writeSheet(sheet));
  files.set(kind, file);
  return file;
}

const fileOf = (bytes: Buffer): BillFile => ({ bytes, sha1: createHash('sha1').update(bytes).digest('hex') });

function sheetOf(world: World, day: string, kind: BillKind): Sheet | null {
  const { billCounts } = world.pay.settings;
  if (kind === 'BASIC') {
    const movements = plantedFund(world, day);
    return movements.length > 0 ? fundSheet(movements, billCounts) : null;
  }
  const rows = rowsOfType(plantedTrade(world, day), kind);
  return rows.length > 0 ? tradeSheet(rows, kind, billCounts) : null;
}

import { refundRemark, type Movement } from '../account.ts';
import { startOf } from './days.ts';
import type { TradeRow } from './trade-sheet.ts';

export const PLANT_KINDS = [
  'extra-payment',
  'missing-row',
  'duplicate-row',
  'changed-amount',
  'changed-fee',
  'changed-state',
  'next-day',
] as const;
export type PlantKind = (typeof PLANT_KINDS)[number];

export type PlantedIn = 'trade' | 'fund' | 'both';

/** One difference between a day's bills and what the merchant knows. */
export interface Plant {
  kind: PlantKind;
  bill: PlantedIn;
  /** The merchant's number of the payment or the refund. */
  number: string;
  /** Fen by which an amount or a fee is changed. */
  delta?: number;
  /** For `changed-state`: 交易状态 of a payment, 退款状态 of a refund. */
  state?: string;
}

/** Movements that a row of the trade bill stands for; a refund that is closed later is another matter. */
const FEES: readonly string[] = ['扣除交易手续费', '退还交易手续费'];
const PRINCIPALS: readonly string[] = ['交易', '退款'];

export const numberOfRow = (row: TradeRow): string => row.refund?.outRefundNo ?? row.outTradeNo;

export const isMovementOf = (movement: Movement, number: string): boolean =>
  movement.voucher === number && [...FEES, ...PRINCIPALS].includes(movement.kind);

/** Where the fee is booked: in a movement of its own, or in the refund's. */
export const bearsFee = (movements: Movement[], movement: Movement): boolean =>
  FEES.includes(movement.kind) ||
  (movement.kind === '退款' &&
    !movements.some(({ voucher, kind }) => voucher === movement.voucher && FEES.includes(kind)));

export const plantTrade = (rows: TradeRow[], plant: Plant): TradeRow[] =>
  edit(rows, plant, (row) => numberOfRow(row) === plant.number, changeRow);

export const plantFund = (movements: Movement[], plant: Plant): Movement[] =>
  edit(
    movements,
    plant,
    (movement) => isMovementOf(movement, plant.number),
    (movement) => changeMovement(movements, movement, plant),
  );

/** Rows that a plant of the day before moved here, with the first instant of this day. */
export const movedHere = <T extends { at: number }>(rows: T[], day: string): T[] =>
  rows.map((row) => ({ ...row, at: startOf(day) }));

function edit<T>(rows: T[], plant: Plant, isMeant: (row: T) => boolean, change: (row: T, plant: Plant) => T): T[] {
  const rule = (row: T): T[] => {
    if (!isMeant(row) || plant.kind === 'extra-payment') return [row];
    if (plant.kind === 'missing-row' || plant.kind === 'next-day') return [];
    if (plant.kind === 'duplicate-row') return [row, row];
    return [change(row, plant)];
  };
  return rows.flatMap(rule);
}

function changeRow(row: TradeRow, { kind, delta = 0, state = '' }: Plant): TradeRow {
  const { refund } = row;
  if (kind === 'changed-fee') return { ...row, fee: row.fee + delta };
  if (kind === 'changed-state') return refund ? { ...row, refund: { ...refund, status: state } } : { ...row, state };
  return refund
    ? { ...row, refund: { ...refund, amount: refund.amount + delta } }
    : { ...row, total: row.total + delta };
}

function changeMovement(movements: Movement[], movement: Movement, { kind, delta = 0 }: Plant): Movement {
  const { amount, remark } = movement;
  if (kind === 'changed-fee' && bearsFee(movements, movement))
    return { ...movement, amount: amount - delta, remark: restate(remark, 0, -delta) };
  if (kind === 'changed-amount' && movement.kind === '交易') return { ...movement, amount: amount + delta };
  if (kind === 'changed-amount' && movement.kind === '退款')
    return { ...movement, amount: amount - delta, remark: restate(remark, delta, 0) };
  return movement;
}

/** The remark of a refund with other amounts. */
function restate(remark: string, amountDelta: number, feeDelta: number): string {
  const [amount, fee] = Array.from(remark.matchAll(/\d+\.\d\d/g), ([text]) => Math.round(Number(text) * 100));
  return amount === undefined || fee === undefined ? remark : refundRemark(amount + amountDelta, fee + feeDelta);
}

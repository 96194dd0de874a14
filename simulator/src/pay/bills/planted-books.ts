import type { World } from '../../world.ts';
import type { Movement } from '../account.ts';
import { movementsOf, openingBalance, tradeRows } from './books.ts';
import { dayAfter, dayBefore } from './days.ts';
import { isMovementOf, movedHere, numberOfRow, plantFund, plantTrade, type Plant, type PlantedIn } from './plant.ts';
import type { TradeRow } from './trade-sheet.ts';

/** The rows of a day's trade bill. */
export function plantedTrade(world: World, day: string): TradeRow[] {
  const before = dayBefore(day);
  const { states } = world.pay.bills.of(day);
  const concerns = ({ bill }: Plant) => bill !== 'fund';
  const late = delayed(world, before).filter(concerns);
  const moved = late.flatMap(({ number }) =>
    tradeRows(world, before, states).filter((row) => numberOfRow(row) === number),
  );
  const rows = [...movedHere(moved, day), ...tradeRows(world, day, states)];
  return plantsOf(world, day).filter(concerns).reduce(plantTrade, rows);
}

/** The rows of a day's fund-flow bill: what is planted in both bills moves the balance, what is in this one alone does not. */
export function plantedFund(world: World, day: string): Movement[] {
  const rows = rebalance(planted(world, day, 'both'), openingBalance(world, day) + carriedInto(world, day));
  return plantsOf(world, day)
    .filter(({ bill }) => bill === 'fund')
    .reduce(plantFund, [...movedInto(world, day, 'fund'), ...rows]);
}

const plantsOf = ({ pay }: World, day: string): Plant[] => pay.bills.days.get(day)?.plants ?? [];

const delayed = (world: World, day: string): Plant[] => plantsOf(world, day).filter(({ kind }) => kind === 'next-day');

function planted(world: World, day: string, where: PlantedIn): Movement[] {
  const rows = [...movedInto(world, day, where), ...movementsOf(world, day)];
  return plantsOf(world, day)
    .filter(({ bill }) => bill === where)
    .reduce(plantFund, rows);
}

function movedInto(world: World, day: string, where: PlantedIn): Movement[] {
  const before = dayBefore(day);
  const late = delayed(world, before).filter(({ bill }) => bill === where);
  const moved = late.flatMap(({ number }) =>
    movementsOf(world, before).filter((movement) => isMovementOf(movement, number)),
  );
  return movedHere(moved, day);
}

function rebalance(movements: Movement[], opening: number): Movement[] {
  let balance = opening;
  return movements.map((movement) => ({ ...movement, balance: (balance += movement.amount) }));
}

/** Fen by which earlier days that were planted in both bills ended otherwise than the books. */
function carriedInto(world: World, day: string): number {
  const touched = new Set([...world.pay.bills.days.keys()].flatMap((known) => [known, dayAfter(known)]));
  const total = (movements: Movement[]) => movements.reduce((sum, { amount }) => sum + amount, 0);
  return [...touched]
    .filter((earlier) => earlier < day)
    .reduce((sum, earlier) => sum + total(planted(world, earlier, 'both')) - total(movementsOf(world, earlier)), 0);
}

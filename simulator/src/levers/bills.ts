import { LeverError } from '../errors.ts';
import { bookTotals, movementsOf, paymentsOf, refundsOf } from '../pay/bills/books.ts';
import { dayOf, isDay, startOf } from '../pay/bills/days.ts';
import { takeForeignPayment } from '../pay/bills/extra-payment.ts';
import { bearsFee, isMovementOf, PLANT_KINDS, type Plant, type PlantedIn } from '../pay/bills/plant.ts';
import { randomDigits } from '../pay/numbers.ts';
import { leverBody, newRouter, type SimulatorContext, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

const BILLS: readonly PlantedIn[] = ['trade', 'fund', 'both'];
const NOON_MS = 12 * 3_600_000;

/** What a plant may say; which of it is needed depends on its kind. */
interface Wish extends Plant {
  /** `extra-payment`: fen, and when; noon unless said. */
  amount: number;
  at: number;
}

/** A day of the bills: what really happened, and differences planted into them. */
export function billLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/pay/bills/:day', (ctx) => {
    ctx.body = presentDay(world, getDay(ctx));
  });

  router.post('/pay/bills/:day/plant', (ctx) => {
    const day = getDay(ctx);
    const wish = leverBody<Wish>(ctx);
    const plant = wish.kind === 'extra-payment' ? takeExtra(world, day, wish) : readPlant(world, day, wish);
    const { bills } = world.pay;
    bills.of(day).plants.push(plant);
    bills.forgetFilesFrom(day);
    ctx.status = 201;
    ctx.body = presentDay(world, day);
  });

  return router;
}

function presentDay(world: World, day: string) {
  const planted = world.pay.bills.days.get(day)?.plants ?? [];
  return { day, planted, books: bookTotals(world, day) };
}

function getDay(ctx: SimulatorContext): string {
  const day = ctx.params.day!;
  if (!isDay(day)) throw new LeverError(400, 'a day is written as 2026-11-02');
  return day;
}

/** Another system of the same merchant took money: it is in the books, and so in both bills. */
function takeExtra(
  world: World,
  day: string,
  { amount, at, number = `OTHER${randomDigits(16)}` }: Partial<Wish>,
): Plant {
  const now = world.clock.now();
  const paidAt = at ?? Math.min(now, startOf(day) + NOON_MS);
  if (!Number.isInteger(amount) || Number(amount) <= 0) throw new LeverError(400, 'amount is fen, above zero');
  if (!Number.isInteger(paidAt) || paidAt > now || dayOf(paidAt) !== day)
    throw new LeverError(400, 'at is an instant of that day, in the past, in Unix milliseconds');
  if (world.pay.orders.has(number)) throw new LeverError(409, `there is an order ${number} already`);
  takeForeignPayment(world, number, amount!, paidAt);
  return { kind: 'extra-payment', bill: 'both', number };
}

function readPlant(world: World, day: string, { kind, bill, number, delta, state }: Partial<Wish>): Plant {
  if (!kind || !PLANT_KINDS.includes(kind)) throw new LeverError(400, `kind is one of ${PLANT_KINDS.join(', ')}`);
  if (bill !== undefined && !BILLS.includes(bill)) throw new LeverError(400, `bill is one of ${BILLS.join(', ')}`);
  if (!number || !isOfDay(world, day, number))
    throw new LeverError(404, `no payment of ${day} and no refund accepted on it has the number ${number}`);
  if (kind === 'changed-state') {
    if (bill !== undefined && bill !== 'trade') throw new LeverError(400, 'only the trade bill tells a state');
    if (!state) throw new LeverError(400, 'state is what the bill is to say');
    return { kind, bill: 'trade', number, state };
  }
  const plant: Plant = { kind, bill: bill ?? 'both', number };
  if (kind !== 'changed-amount' && kind !== 'changed-fee') return plant;
  if (!Number.isInteger(delta) || delta === 0) throw new LeverError(400, 'delta is fen, not zero');
  if (kind === 'changed-fee' && plant.bill !== 'trade' && !hasFee(world, day, number))
    throw new LeverError(409, `no fee is booked for ${number}`);
  return { ...plant, delta: delta! };
}

const isOfDay = (world: World, day: string, number: string): boolean =>
  paymentsOf(world, day).some(({ outTradeNo }) => outTradeNo === number) ||
  refundsOf(world, day).some(({ outRefundNo }) => outRefundNo === number);

function hasFee(world: World, day: string, number: string): boolean {
  const movements = movementsOf(world, day);
  return movements.some((movement) => isMovementOf(movement, number) && bearsFee(movements, movement));
}

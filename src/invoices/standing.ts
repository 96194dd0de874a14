import type { EntityManager } from 'typeorm';
import type { InvoicingSums } from '../contracts/invoices.ts';
import type { Work } from '../platform/work.ts';

/** How the money of one order and its invoices stand to one another, fen. */
export interface Standing extends InvoicingSums {
  id: string;
  number: string;
  serviceName: string;
  customerId: string;
  /** On its way back, of which for an authority. */
  refundingFen: number;
  refundingGovernmentFen: number;
  /** What an invoice can be asked for now. */
  invoiceableFen: number;
}

const SUMS = [
  'paidFen',
  'refundedFen',
  'passedThroughFen',
  'receivedFen',
  'issuedFen',
  'redFen',
  'waitingFen',
  'notInvoicedFen',
  'overInvoicedFen',
] as const satisfies readonly (keyof InvoicingSums)[];
const AMOUNTS = [...SUMS, 'refundingFen', 'refundingGovernmentFen', 'invoiceableFen'] as const;

const FACTS = [
  'paidFen',
  'collectedFen',
  'refundedFen',
  'refundedGovernmentFen',
  'refundingFen',
  'refundingGovernmentFen',
  'issuedFen',
  'redFen',
  'waitingFen',
] as const;

/** Rows of one table as facts about orders; what a table does not tell is zero. */
const facts = (orderId: string, told: Partial<Record<(typeof FACTS)[number], string>>, from: string): string =>
  `SELECT ${orderId} AS orderId, ${FACTS.map((name) => `${told[name] ?? '0'} AS ${name}`).join(', ')} FROM wanted w ${from}`;
const when = (is: string, column: string): string => `CASE WHEN ${is} THEN ${column} ELSE 0 END`;
const GONE = "r.state = 'succeeded'";
const GOING = "r.state IN ('approved', 'processing', 'abnormal')";
const ISSUED = "i.state IN ('issued', 'red_lettered')";

const ALL_FACTS = [
  facts('w.id', {}, ''),
  facts('p.orderId', { paidFen: 'p.amountFen' }, "JOIN payments p ON p.orderId = w.id WHERE p.state = 'paid'"),
  facts(
    'n.orderId',
    { collectedFen: 'n.governmentFen' },
    "JOIN instalments n ON n.orderId = w.id WHERE n.state = 'paid'",
  ),
  facts(
    'r.orderId',
    {
      refundedFen: when(GONE, 'r.amountFen'),
      refundedGovernmentFen: when(GONE, 'r.governmentFen'),
      refundingFen: when(GOING, 'r.amountFen'),
      refundingGovernmentFen: when(GOING, 'r.governmentFen'),
    },
    // Disputed money never was the price of an order.
    'JOIN refunds r ON r.orderId = w.id WHERE r.disputedId IS NULL',
  ),
  facts(
    'l.orderId',
    {
      issuedFen: when(ISSUED, 'l.amountFen'),
      redFen: when(ISSUED, 'l.redFen'),
      waitingFen: when("i.state = 'asked'", 'l.amountFen'),
    },
    'JOIN invoice_lines l ON l.orderId = w.id JOIN invoices i ON i.id = l.invoiceId',
  ),
].join(' UNION ALL ');

/** The one place that says what may be invoiced. Whatever was collected for an authority is not ours, and leaves with refunds first. */
const standings = (where: string): string => `
  WITH wanted AS (SELECT o.id FROM orders o WHERE ${where}),
  facts AS (${ALL_FACTS}),
  said AS (SELECT orderId, ${FACTS.map((name) => `SUM(${name}) AS ${name}`).join(', ')} FROM facts GROUP BY orderId),
  received AS (
    SELECT said.*, collectedFen - refundedGovernmentFen AS passedThroughFen,
      paidFen - refundedFen - (collectedFen - refundedGovernmentFen) AS receivedFen
    FROM said
  ),
  left_over AS (
    SELECT received.*,
      CASE WHEN receivedFen > issuedFen - redFen THEN receivedFen - issuedFen + redFen ELSE 0 END AS notInvoicedFen,
      CASE WHEN receivedFen < issuedFen - redFen THEN issuedFen - redFen - receivedFen ELSE 0 END AS overInvoicedFen,
      receivedFen - (refundingFen - refundingGovernmentFen) - (issuedFen - redFen) - waitingFen AS leftFen
    FROM received
  ),
  standing AS (
    SELECT o.id, o.number, o.serviceName, o.customerId, left_over.*,
      CASE WHEN leftFen > 0 THEN leftFen ELSE 0 END AS invoiceableFen
    FROM left_over JOIN orders o ON o.id = left_over.orderId
  )`;

/** Money came, or an invoice stands without any. */
const CONCERNED = '(o.paidFen > 0 OR EXISTS (SELECT 1 FROM invoice_lines x WHERE x.orderId = o.id))';

type Raw = Record<string, string | number>;

/** MySQL gives sums as text. */
const numbersOf = <Name extends string>(row: Raw, names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, Number(row[name] ?? 0)])) as Record<Name, number>;

const standingFrom = (row: Raw): Standing => ({
  id: String(row['id']),
  number: String(row['number']),
  serviceName: String(row['serviceName']),
  customerId: String(row['customerId']),
  ...numbersOf(row, AMOUNTS),
});

async function select(db: EntityManager, where: string, rest: string, values: readonly unknown[]): Promise<Raw[]> {
  return (await db.query(`${standings(where)} ${rest}`, [...values])) as Raw[];
}

/** In the order of the ids. Of locked orders it stays so until the transaction ends. */
export async function standingsOf({ db }: Work, orderIds: readonly string[]): Promise<Standing[]> {
  const places = orderIds.map(() => '?').join(', ');
  const rows = await select(db, `o.id IN (${places})`, 'SELECT * FROM standing', orderIds);
  const found = new Map(rows.map((row) => [row['id'], standingFrom(row)]));
  return orderIds.map((id) => found.get(id)!);
}

/** A customer's orders of which something can be invoiced, newest first, one more than the page holds. */
export async function listInvoiceable(
  { db }: Work,
  customerId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Standing[]> {
  const where = `o.customerId = ? AND o.paidFen > 0${after ? ' AND o.id < ?' : ''}`;
  const rest = 'SELECT * FROM standing WHERE invoiceableFen > 0 ORDER BY id DESC LIMIT ?';
  const rows = await select(db, where, rest, [customerId, ...(after ? [after] : []), limit + 1]);
  return rows.map(standingFrom);
}

const SHOWN = { not_invoiced: 'notInvoicedFen', over_invoiced: 'overInvoicedFen' } as const;
export type Shown = keyof typeof SHOWN;

/** A customer's orders with money or invoices, newest first, one more than the page holds. */
export async function listReceipts(
  { db }: Work,
  {
    customerId,
    show,
    after,
    limit,
  }: { customerId: string; show?: Shown | undefined; after?: string | undefined; limit: number },
): Promise<Standing[]> {
  const where = `o.customerId = ? AND ${CONCERNED}${after ? ' AND o.id < ?' : ''}`;
  const wanted = show ? `WHERE ${SHOWN[show]} > 0` : '';
  const rest = `SELECT * FROM standing ${wanted} ORDER BY id DESC LIMIT ?`;
  const rows = await select(db, where, rest, [customerId, ...(after ? [after] : []), limit + 1]);
  return rows.map(standingFrom);
}

/** The sums of one customer's orders. */
export interface CustomerStanding extends InvoicingSums {
  id: string;
  orders: number;
}

const SELECT_SUMS = SUMS.map((name) => `SUM(${name}) AS ${name}`).join(', ');

/** Customers by id, each with the sums of their orders; a few at a time, so that neither side reads more than it needs. */
export async function* eachCustomer(
  { db }: Work,
  { show, after = '' }: { show?: Shown | undefined; after?: string | undefined },
): AsyncGenerator<CustomerStanding> {
  for (let last = after; ;) {
    const some = (await db.query(
      `SELECT DISTINCT o.customerId AS id FROM orders o WHERE o.customerId > ? AND ${CONCERNED} ORDER BY id LIMIT ${AT_ONCE}`,
      [last],
    )) as Raw[];
    if (some.length === 0) return;
    const ids = some.map(({ id }) => String(id));
    const rest = `SELECT customerId AS id, COUNT(*) AS orders, ${SELECT_SUMS} FROM standing GROUP BY customerId ORDER BY customerId`;
    const where = `o.customerId IN (${ids.map(() => '?').join(', ')}) AND ${CONCERNED}`;
    for (const row of await select(db, where, rest, ids)) {
      const customer = { id: String(row['id']), ...numbersOf(row, [...SUMS, 'orders']) };
      if (!show || customer[SHOWN[show]] > 0) yield customer;
    }
    last = ids.at(-1)!;
  }
}

const AT_ONCE = 200;

/** The sums of all orders. */
export async function sumAll({ db }: Work): Promise<InvoicingSums & { customers: number; orders: number }> {
  const rest = `SELECT COUNT(DISTINCT customerId) AS customers, COUNT(*) AS orders, ${SELECT_SUMS} FROM standing`;
  const [row] = await select(db, CONCERNED, rest, []);
  return numbersOf(row!, [...SUMS, 'customers', 'orders']);
}

import type { SelectQueryBuilder } from 'typeorm';
import { Customer } from '../../entities/customer.ts';
import { LedgerLine, LedgerPosting } from '../../entities/ledger.ts';
import { Instalment } from '../../entities/order-parts.ts';
import { Order } from '../../entities/order.ts';
import { Payment } from '../../entities/payment.ts';
import { Team } from '../../entities/team.ts';
import type { Work } from '../platform/work.ts';
import type { BooksReport, Dimension, Figure } from './books-reports.ts';
import type { Period } from './period.ts';

type Lines = SelectQueryBuilder<LedgerLine>;

/** The key of what belongs to nothing: money without an order, a customer without a team. */
export const NONE = '-';

/** Where a row's key and its words are, and what must be joined for them. */
const SOURCES: Record<Dimension, { key: string; words: string; join: (lines: Lines) => Lines }> = {
  service: { key: 'sold.serviceCode', words: 'sold.serviceName', join: (lines) => lines },
  // An order is counted whole to how it was first paid.
  channel: {
    key: 'paid.way',
    words: 'paid.way',
    join: (lines) =>
      lines
        .leftJoin(Instalment, 'first', 'first.orderId = posting.orderId AND first.position = 1')
        .leftJoin(Payment, 'paid', 'paid.id = first.paymentId'),
  },
  consultant: {
    key: 'customer.teamId',
    words: 'team.name',
    join: (lines) =>
      lines
        .leftJoin(Customer, 'customer', 'customer.id = sold.customerId')
        .leftJoin(Team, 'team', 'team.id = customer.teamId'),
  },
  day: { key: 'posting.day', words: 'posting.day', join: (lines) => lines },
};

export const keyOf = (by: Dimension): string => `COALESCE(${SOURCES[by].key}, '${NONE}')`;
export const wordsOf = (by: Dimension): string => SOURCES[by].words;

/** The lines that a report is made of, joined with what they are about. @param key only of this row */
export function linesOf({ db }: Work, by: Dimension, period: Period, key?: string): Lines {
  const lines = db
    .createQueryBuilder(LedgerLine, 'line')
    .innerJoin(LedgerPosting, 'posting', 'posting.id = line.postingId')
    .leftJoin(Order, 'sold', 'sold.id = posting.orderId')
    .setParameters({ ...period });
  const joined = SOURCES[by].join(lines);
  return key === undefined ? joined : joined.where(`${keyOf(by)} = :key`, { key });
}

const SPANS: Record<Figure['span'], string> = {
  within: 'posting.day >= :from AND posting.day <= :to',
  before: 'posting.day < :from',
  until: 'posting.day <= :to',
};

const isAnyOf = (column: string, names: readonly string[]): string =>
  `${column} IN (${names.map((name) => `'${name}'`).join(', ')})`;

/** Whether a line belongs to a figure. Names of accounts and postings are our own. */
export function conditionOf({ account, kinds, side, span }: Figure): string {
  const conditions = [isAnyOf('line.account', [account]), SPANS[span]];
  if (kinds) conditions.push(isAnyOf('posting.kind', kinds));
  if (side) conditions.push(side === 'debit' ? 'line.amountFen > 0' : 'line.amountFen < 0');
  return conditions.join(' AND ');
}

/** What a line adds to a figure. */
export const amountOf = ({ grows }: Figure): string => (grows === 'debit' ? 'line.amountFen' : '0 - line.amountFen');

/** What none of a report's figures asks for is not read. */
export function onlyAsked(lines: Lines, { figures }: BooksReport): Lines {
  const accounts = [...new Set(figures.map(({ account }) => account))];
  const kinds = figures.flatMap((figure) => figure.kinds ?? []);
  const isWithin = figures.every(({ span }) => span === 'within');
  const asked = lines.andWhere(isAnyOf('line.account', accounts)).andWhere(isWithin ? SPANS.within : SPANS.until);
  return figures.every((figure) => figure.kinds) ? asked.andWhere(isAnyOf('posting.kind', kinds)) : asked;
}

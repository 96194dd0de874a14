import { Entity, Index, PrimaryColumn } from 'typeorm';
import type { InvoiceKind, InvoiceState, TitleKind } from '../src/contracts/states.ts';
import { day, fen, id, instant, longText, ref, state, text, whole } from './columns.ts';
import { IllegalMove } from './illegal-move.ts';

/** Whom an invoice is made out to. */
abstract class Titled {
  @state()
  titleKind!: TitleKind;

  @text(100)
  titleName!: string;

  /** 纳税人识别号: of a company. */
  @text(20, { nullable: true })
  taxNumber: string | null = null;

  @text(100, { nullable: true })
  address: string | null = null;

  /** Encrypted at rest. */
  @longText({ nullable: true })
  phoneSealed: string | null = null;

  @text(60, { nullable: true })
  bankName: string | null = null;

  /** Encrypted at rest. */
  @longText({ nullable: true })
  bankAccountSealed: string | null = null;
}

/** A title that a customer keeps for the next invoice. */
@Entity('invoice_titles')
@Index(['customerId'])
export class InvoiceTitle extends Titled {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  /** When it was made the default; the latest one counts, so that two customers who become one have one. */
  @instant({ nullable: true })
  defaultAt: Date | null = null;

  @instant()
  createdAt!: Date;
}

const NEXT: Record<InvoiceState, readonly InvoiceState[]> = {
  asked: ['issued', 'refused', 'withdrawn'],
  issued: ['red_lettered'],
  refused: [],
  withdrawn: [],
  red_lettered: [],
};

/** What a customer wants invoiced, and the invoice. The title is a copy: later changes cannot touch it. */
@Entity('invoices')
@Index(['customerId', 'id'])
@Index(['state', 'id'])
@Index(['createdAt'])
@Index(['redWantedSince'])
export class Invoice extends Titled {
  @id()
  id!: string;

  @ref()
  customerId!: string;

  @state()
  state: InvoiceState = 'asked';

  @state()
  kind!: InvoiceKind;

  @text(400, { nullable: true })
  note: string | null = null;

  @text(20, { nullable: true })
  number: string | null = null;

  /** Of invoices of before; fully digitised ones (数电票) have none. */
  @text(12, { nullable: true })
  code: string | null = null;

  @day({ nullable: true })
  issuedDay: string | null = null;

  /** The customer reads it. */
  @text(200, { nullable: true })
  refusedReason: string | null = null;

  /** Why the amount is another than asked for, or why it was withdrawn by itself. The customer reads it. */
  @text(400, { nullable: true })
  changedWhy: string | null = null;

  /** The PDF. */
  @ref({ nullable: true })
  fileId: string | null = null;

  /** Since when something of it must be taken back. */
  @instant({ nullable: true })
  redWantedSince: Date | null = null;

  /** Who issued or refused it; null also when nobody of staff did. */
  @ref({ nullable: true })
  decidedBy: string | null = null;

  @instant({ nullable: true })
  decidedAt: Date | null = null;

  @instant()
  createdAt!: Date;

  moveTo(next: InvoiceState): void {
    if (!NEXT[this.state].includes(next)) throw new IllegalMove('invoice', this.state, next);
    this.state = next;
  }

  /** @throws {IllegalMove} when there is nothing to take back */
  assertIssued(): void {
    if (this.state !== 'issued') throw new IllegalMove('invoice', this.state, 'red letter');
  }

  /** @throws {IllegalMove} */
  assertAsked(): void {
    if (this.state !== 'asked') throw new IllegalMove('invoice', this.state, 'issued');
  }

  /** @param by null: nobody of staff */
  decide(next: 'issued' | 'refused', by: string | null, at: Date): void {
    this.moveTo(next);
    Object.assign(this, { decidedBy: by, decidedAt: at });
  }
}

/** What an invoice says of one order. */
@Entity('invoice_lines')
@Index(['invoiceId', 'position'], { unique: true })
@Index(['orderId'])
export class InvoiceLine {
  @id()
  id!: string;

  @ref()
  invoiceId!: string;

  @ref()
  orderId!: string;

  @whole()
  position!: number;

  /** Fixed when it was asked for; only a refund makes it less, while it waits. */
  @fen()
  amountFen!: number;

  /** Taken back by red letters. */
  @fen()
  redFen: number = 0;

  /** More than what was received of the order: to be taken back. */
  @fen()
  redWantedFen: number = 0;

  get standingFen(): number {
    return this.amountFen - this.redFen;
  }
}

/** A red-letter invoice (红字发票) that takes an invoice back, or a part of it. */
@Entity('invoice_red_letters')
@Index(['invoiceId'])
export class InvoiceRedLetter {
  @id()
  id!: string;

  @ref()
  invoiceId!: string;

  @text(20)
  number!: string;

  @text(12, { nullable: true })
  code: string | null = null;

  @day()
  issuedDay!: string;

  @fen()
  amountFen!: number;

  /** The PDF. */
  @ref({ nullable: true })
  fileId: string | null = null;

  /** null: nobody of staff. */
  @ref({ nullable: true })
  writtenBy: string | null = null;

  @instant()
  createdAt!: Date;
}

/** A number that is taken: no two invoices, red or not, have the same. */
@Entity('invoice_numbers')
export class InvoiceNumber {
  /** Code and number, `-` between them. */
  @PrimaryColumn('varchar', { length: 33 })
  number!: string;

  @ref()
  invoiceId!: string;
}

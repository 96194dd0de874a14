import { randomBytes } from 'node:crypto';

export type TicketType = 'jsapi' | 'wx_card';

const LIFETIME_MS = 7200_000;
const RENEWAL_MS = 300_000;
const TICKET_LENGTH = 86;

interface Ticket {
  value: string;
  type: TicketType;
  expiresAt: number;
}

/** Tickets that page signatures are made with (official documentation, JS-SDK appendix). */
export class Tickets {
  private tickets: Ticket[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** The same ticket with what is left of its life, a new one in its last five minutes. */
  issue(type: TicketType): { ticket: string; expiresIn: number } {
    const current = this.tickets.findLast((ticket) => ticket.type === type);
    const leftMs = (current?.expiresAt ?? 0) - this.now();
    if (current && leftMs > RENEWAL_MS) return { ticket: current.value, expiresIn: Math.floor(leftMs / 1000) };
    const value = randomBytes(TICKET_LENGTH).toString('base64url').slice(0, TICKET_LENGTH);
    this.tickets.push({ value, type, expiresAt: this.now() + LIFETIME_MS });
    return { ticket: value, expiresIn: LIFETIME_MS / 1000 };
  }

  /** Every ticket that a page may still be signed with. */
  alive(type: TicketType): string[] {
    return this.tickets.filter((one) => one.type === type && this.now() < one.expiresAt).map(({ value }) => value);
  }

  /** Lever: tickets die early, as when somebody else refreshed them. */
  forget(): void {
    this.tickets = [];
  }
}

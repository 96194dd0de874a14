import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../clock.ts';
import type { Pushes } from '../platform/pushes.ts';
import type { OpenPlatformSettings } from './settings.ts';

const EVERY_MS = 600_000;
const LIFE_MS = 12 * 3600_000;
/** An expired ticket is told from an unknown one for so long. */
const REMEMBERED_MS = 48 * 3600_000;

/** component_verify_ticket: pushed every ten minutes, each good for twelve hours. */
export class VerifyTickets {
  private readonly tickets = new Map<string, number>();
  private readonly clock: Clock;
  private readonly settings: OpenPlatformSettings;
  private readonly pushes: Pushes;
  private timer: Timer | null = null;

  constructor(clock: Clock, settings: OpenPlatformSettings, pushes: Pushes) {
    this.clock = clock;
    this.settings = settings;
    this.pushes = pushes;
  }

  /** One now, and one every ten minutes from now on; nothing while there is no address or tickets are stopped. */
  start(): void {
    if (this.timer) this.clock.cancel(this.timer);
    this.timer = null;
    if (!this.settings.authorisationUrl || this.settings.tickets === 'stopped') return;
    this.push();
    this.plan(this.clock.now() + EVERY_MS);
  }

  /** Makes a ticket and pushes it. */
  push() {
    const value = `ticket@@@${randomBytes(48).toString('base64url')}`;
    this.tickets.set(value, this.clock.now() + LIFE_MS);
    this.forgetOld();
    return this.pushes.create({ InfoType: 'component_verify_ticket', ComponentVerifyTicket: value });
  }

  check(value: string): 'valid' | 'expired' | 'unknown' {
    const expiresAt = this.tickets.get(value);
    if (expiresAt === undefined) return 'unknown';
    return this.clock.now() >= expiresAt ? 'expired' : 'valid';
  }

  private plan(at: number): void {
    this.timer = this.clock.at(at, () => this.tick());
  }

  /** While the clock is moved, only the last ticket of the move is pushed: a quarter would have thirteen thousand. */
  private tick(): Promise<void> | void {
    const { movingTo } = this.clock;
    if (movingTo !== null && movingTo > this.clock.now()) return this.plan(movingTo);
    this.timer = null;
    if (this.settings.tickets === 'stopped') return undefined;
    this.start();
    return this.pushes.settledSoon();
  }

  private forgetOld(): void {
    for (const [value, expiresAt] of this.tickets)
      if (this.clock.now() - expiresAt > REMEMBERED_MS) this.tickets.delete(value);
  }
}

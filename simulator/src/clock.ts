/** One thing that will happen at a virtual instant. */
export interface Timer {
  readonly id: number;
  /** Virtual instant in Unix milliseconds. */
  readonly at: number;
  readonly what: () => Promise<void> | void;
}

// setTimeout turns anything longer into one millisecond.
const LONGEST_REAL_DELAY_MS = 2 ** 31 - 1;

/**
 * The simulator's clock: real time plus an offset that tests move forward. What is due runs in order of time; while it
 * runs inside `advance` the clock shows the instant for which it was planned, so what it writes down is exact.
 */
export class Clock {
  private readonly start: number | undefined;
  private offset = 0;
  private pinnedAt: number | null = null;
  private frozenAt: number | null = null;
  private target: number | null = null;
  private lastId = 0;
  private epoch = 0;
  private timers: Timer[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private advances: Promise<unknown> = Promise.resolve();
  private wakeUp: NodeJS.Timeout | undefined;

  /** @param start Unix milliseconds that the clock shows first; absent: real time */
  constructor(start?: number) {
    this.start = start;
    this.reset();
  }

  /** Virtual Unix milliseconds. */
  now(): number {
    return this.pinnedAt ?? this.frozenAt ?? Date.now() + this.offset;
  }

  /** Virtual Unix seconds, as WeChat's headers carry them. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  at(instant: number, what: () => Promise<void> | void): Timer {
    const timer = { id: ++this.lastId, at: instant, what };
    this.timers.push(timer);
    this.timers.sort((one, other) => one.at - other.at);
    this.planWakeUp();
    return timer;
  }

  cancel(timer: Timer): void {
    this.timers = this.timers.filter(({ id }) => id !== timer.id);
    this.planWakeUp();
  }

  /** How many things are still to happen. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Where a move that is under way will end; null between moves. */
  get movingTo(): number | null {
    return this.target;
  }

  get isFrozen(): boolean {
    return this.frozenAt !== null;
  }

  /** A frozen clock moves only by `advance`. */
  setFrozen(frozen: boolean): void {
    if (frozen === this.isFrozen) return;
    const now = this.now();
    this.frozenAt = frozen ? now : null;
    this.moveTo(now);
    this.planWakeUp();
  }

  /** Moves the clock and runs what became due on the way, one after the other; returns the new instant. */
  advance(ms: number): Promise<number> {
    const mine = this.advances.then(() => this.runUntil(this.now() + ms));
    this.advances = mine.catch(() => undefined);
    return mine;
  }

  /** Forgets every plan and shows the first instant again. */
  reset(): void {
    this.timers = [];
    this.epoch += 1;
    this.frozenAt = null;
    this.offset = this.start === undefined ? 0 : this.start - Date.now();
    this.planWakeUp();
  }

  private async runUntil(target: number): Promise<number> {
    await Promise.all(this.underWay);
    const { epoch } = this;
    this.target = target;
    try {
      for (let next = this.takeDue(target); next; next = this.takeDue(target)) {
        // A plan for the past (made while a slow one ran) happens now: the clock never goes back.
        this.pinnedAt = Math.max(next.at, this.pinnedAt ?? next.at);
        await this.run(next);
      }
    } finally {
      this.pinnedAt = null;
      this.target = null;
      // A reset meanwhile has put the clock elsewhere.
      if (epoch === this.epoch) this.moveTo(target);
      this.planWakeUp();
    }
    return this.now();
  }

  private moveTo(instant: number): void {
    if (this.frozenAt !== null) this.frozenAt = instant;
    this.offset = instant - Date.now();
  }

  private takeDue(instant: number): Timer | undefined {
    return this.timers[0] && this.timers[0].at <= instant ? this.timers.shift() : undefined;
  }

  private run(timer: Timer): Promise<void> {
    const running = (async () => timer.what())().catch((error: unknown) => {
      process.stderr.write(`simulator: a timed deed failed: ${String(error)}\n`);
    });
    this.underWay.add(running);
    return running.finally(() => this.underWay.delete(running));
  }

  /** Between advances real time drives the clock, and one slow deed does not hold up the others. */
  private planWakeUp(): void {
    clearTimeout(this.wakeUp);
    const next = this.timers[0];
    if (!next || this.frozenAt !== null) return;
    const delay = Math.min(Math.max(next.at - this.now(), 0), LONGEST_REAL_DELAY_MS);
    this.wakeUp = setTimeout(() => this.wake(), delay);
    this.wakeUp.unref();
  }

  private wake(): void {
    if (this.pinnedAt === null) {
      for (let next = this.takeDue(this.now()); next; next = this.takeDue(this.now())) void this.run(next);
    }
    this.planWakeUp();
  }
}

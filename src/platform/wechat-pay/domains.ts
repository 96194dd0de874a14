const STAY_MS = 60_000;

/**
 * Which of the two domains is asked first. After a fail-over calls stay on the backup; once a minute one call
 * tries the primary again, and when that answers all return.
 */
export class Domains {
  private probePrimaryAtMs: number | null = null;

  constructor(
    readonly primary: string,
    private readonly backup: string,
  ) {}

  /** The origins in the order they are to be tried; one only when there is no second domain. */
  inOrder(nowMs: number): readonly [string, string?] {
    if (this.backup === this.primary) return [this.primary];
    if (this.probePrimaryAtMs === null) return [this.primary, this.backup];
    if (nowMs < this.probePrimaryAtMs) return [this.backup, this.primary];

    this.probePrimaryAtMs = nowMs + STAY_MS;
    return [this.primary, this.backup];
  }

  /** The first origin failed and this one answered. */
  failedOverTo(origin: string, nowMs: number): void {
    this.probePrimaryAtMs = origin === this.primary ? null : nowMs + STAY_MS;
  }

  answered(origin: string): void {
    if (origin === this.primary) this.probePrimaryAtMs = null;
  }
}

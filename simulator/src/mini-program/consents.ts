/** What a person allowed a mini-program to send (official documentation, subscribe messages). */
export class Consents {
  private readonly counts = new Map<string, number>();
  private readonly standing = new Set<string>();
  private readonly switchedOff = new Set<string>();

  /** Every accept of a one-time template adds one message; that of a long-term template allows many. */
  accept(personId: string, templateId: string, isLongTerm: boolean): void {
    const key = keyOf(personId, templateId);
    if (isLongTerm) this.standing.add(key);
    else this.counts.set(key, this.left(personId, templateId) + 1);
  }

  /** Messages still allowed. */
  left(personId: string, templateId: string): number {
    const key = keyOf(personId, templateId);
    return this.standing.has(key) ? Infinity : (this.counts.get(key) ?? 0);
  }

  /** Takes one consent for a message. False when there is none. */
  use(personId: string, templateId: string): boolean {
    const left = this.left(personId, templateId);
    if (left === 0 || this.isOff(personId)) return false;
    if (left !== Infinity) this.counts.set(keyOf(personId, templateId), left - 1);
    return true;
  }

  /** The person turns a template off in the settings: whatever was accepted is gone. */
  withdraw(personId: string, templateId: string): void {
    this.counts.delete(keyOf(personId, templateId));
    this.standing.delete(keyOf(personId, templateId));
  }

  /** The main switch of all subscribe messages of this mini-program. */
  setOff(personId: string, isOff: boolean): void {
    if (isOff) this.switchedOff.add(personId);
    else this.switchedOff.delete(personId);
  }

  isOff(personId: string): boolean {
    return this.switchedOff.has(personId);
  }
}

const keyOf = (personId: string, templateId: string): string => `${personId} ${templateId}`;

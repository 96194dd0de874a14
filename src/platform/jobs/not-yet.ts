/**
 * Thrown by a reaction that must wait for something: nothing has failed, and it does not count as an attempt. Whoever throws it
 * sees to it that the waiting ends.
 */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor(
    /** When to look again. */
    readonly at: Date,
  ) {
    super(`not before ${at.toISOString()}`);
  }
}

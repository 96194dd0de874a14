/** A state change that the entity's own table does not allow; answered as 409. */
export class IllegalMove extends Error {
  constructor(
    readonly what: string,
    readonly from: string,
    readonly to: string,
  ) {
    super(`${what} cannot move from ${from} to ${to}`);
  }
}

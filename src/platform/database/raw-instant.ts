/** An instant as a raw query gives it: MySQL a Date, SQLite a text in UTC that does not say so. */
export const instantOf = (value: string | Date): Date =>
  value instanceof Date ? value : new Date(`${value.replace(' ', 'T')}${value.endsWith('Z') ? '' : 'Z'}`);

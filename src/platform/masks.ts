/** Keeps the first character: 王**. */
export const maskName = (name: string): string => [...name].map((one, at) => (at === 0 ? one : '*')).join('');

/** Keeps what a person needs to recognise an account: ****0001. */
export const maskAccount = (account: string): string => `****${account.slice(-4)}`;

/** Keeps what a person needs to recognise their own number: 138****0001. */
export const maskPhone = (phone: string): string =>
  phone.length < 7 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;

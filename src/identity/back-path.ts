import type { ErrorCode } from '../contracts/errors.ts';

const MAX_LENGTH = 1024;
/** A path of our own: `//host` and `/\host` lead elsewhere, and browsers drop tabs and line ends before they look. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const OWN_PATH = /^\/(?![/\\])[^\u0000-\u001f\u007f-\u009f]*$/;
const REFUSAL = 'signInError';

/** Where a sign-in leads back to: path, query and fragment on our own origin; the first page when it is anything else. */
export const backPath = (wanted: string | undefined): string =>
  wanted !== undefined && wanted.length <= MAX_LENGTH && OWN_PATH.test(wanted) ? wanted : '/';

/** The address to go back to, with the refusal in its query, or without the one of an earlier attempt. */
export function backAddress(back: string, refusal?: ErrorCode): string {
  const [beforeFragment = '', ...fragment] = back.split('#');
  const [path, ...query] = beforeFragment.split('?');
  const pairs = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && pair.split('=')[0] !== REFUSAL);
  if (refusal) pairs.push(`${REFUSAL}=${refusal}`);
  return [path + (pairs.length > 0 ? `?${pairs.join('&')}` : ''), ...fragment].join('#');
}

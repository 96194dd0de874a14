import type { SignIn, SignInScope } from './sign-in-kind.ts';

const ERROR = 'signInError';

let broughtBack = takeFromAddress();

export const signIn: SignIn = {
  headers: () => ({ 'X-Requested-With': 'tongban' }),
  // The cookie cannot be read from here: the server knows.
  isOpen: () => true,
  // Signing in leaves the page, so it is never done behind the person's back.
  renew: () => Promise.resolve(false),

  ask(scope: SignInScope) {
    const back = encodeURIComponent(`${location.pathname}${location.search}${location.hash}`);
    location.assign(`/app/oauth/start?scope=${scope}&back=${back}`);
    return Promise.resolve(false);
  },

  forget: () => undefined,

  takeError() {
    const told = broughtBack;
    broughtBack = null;
    return told;
  },
};

/** Reads what the last sign-in brought back and cleans the address, so that a reload does not tell it again. */
function takeFromAddress(): string | null {
  const address = new URL(location.href);
  const [page = '', query = ''] = address.hash.split('?');
  const inHash = new URLSearchParams(query);
  const code = address.searchParams.get(ERROR) ?? inHash.get(ERROR);
  if (code === null) return null;
  address.searchParams.delete(ERROR);
  inHash.delete(ERROR);
  const rest = inHash.toString();
  address.hash = rest === '' ? page : `${page}?${rest}`;
  history.replaceState(history.state, '', address);
  return code;
}

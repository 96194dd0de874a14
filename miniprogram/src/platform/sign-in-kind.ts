import type { Session } from '../request.ts';

/** base: silently, who it is · userinfo: with the name, which WeChat asks the person about. */
export type SignInScope = 'base' | 'userinfo';

export interface SignIn extends Session {
  /** The person pressed a button to sign in. True when they are signed in now; false when the page is on its way. */
  ask(scope: SignInScope): Promise<boolean>;
  /** Forgets the session and does not sign in again until the person asks. */
  forget(): void;
  /** A refusal that the last sign-in brought back, told once. */
  takeError(): string | null;
}

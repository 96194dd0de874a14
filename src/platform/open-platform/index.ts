export { withdrawAuthorisation } from './authorisations.ts';
export { createOpenPlatform } from './gateway.ts';
export { isAuthorisationLost } from './lost.ts';
export type { ComponentPush, ComponentPushResult } from './component-push.ts';
export type {
  AuthorisationLinks,
  Authorised,
  AuthorizerInfo,
  LinkWish,
  ListedAuthorizer,
  OpenPlatform,
} from './open-platform.ts';

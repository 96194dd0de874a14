export { identityRoutes } from './app.routes.ts';
export { signedIn } from './customer-door.ts';
export { findAddressee } from './find-addressee.ts';
export { findWechatContacts, getIdentity } from './find-contact.ts';
export {
  type FollowChange,
  followChanged,
  learnFollower,
  learnFollowers,
  notFollowing,
  personalDataRevoked,
} from './follow-state.ts';
export { finishMerge } from './merge-customers.ts';
export { publicIdentityRoutes } from './public.routes.ts';
export { undoMerge } from './undo-merge.ts';
export { canServe } from './policy.ts';
export { recordIdentity } from './record-identity.ts';
export { staffCustomerRoutes } from './staff.routes.ts';

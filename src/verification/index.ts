export { askAbout, askDue } from './ask.ts';
export { followAuthorisation, takeOverAuthorised } from './authorisation-told.ts';
export { ownAuthorisationRoutes, publicAuthorisationRoutes } from './authorisation.routes.ts';
export { learnOfEvent } from './learn-of-event.ts';
export { registerOwnAccounts } from './own-accounts.ts';
export { accountRoutes } from './staff.routes.ts';
export { turnAccounts } from './turn.ts';
export { openPlatformRoutes } from './wechat.routes.ts';

export { askAbout, askDue } from './ask.ts';
export { learnOfEvent } from './learn-of-event.ts';
export { registerOwnAccounts } from './own-accounts.ts';
export { accountRoutes } from './staff.routes.ts';
export { turnAccounts } from './turn.ts';

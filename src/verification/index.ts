export { customerAccountRoutes } from './app.routes.ts';
export { askAbout, askDue } from './ask.ts';
export { learnOfEvent } from './learn-of-event.ts';
export { registerOwnAccounts } from './own-accounts.ts';
export { publicAccountRoutes } from './public.routes.ts';
export { accountRoutes } from './staff.routes.ts';
export { turnAccounts } from './turn.ts';

export { reportRoutes } from './staff.routes.ts';

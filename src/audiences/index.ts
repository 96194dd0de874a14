export { getList, removeUnread } from './lists.ts';
export { type Concerned, type Audience, readAudience } from './read-audience.ts';
export { audienceBody } from './schema.ts';
export { getSegment } from './segments.ts';
export { audienceRoutes } from './staff.routes.ts';

export { staffAccessRoutes } from './access.routes.ts';
export { beginEnrolment, finishEnrolment } from './enrolment.ts';
export { createMember, type Invited, resetMember } from './members.ts';
export { codeBefore } from './authenticator.ts';
export { publicStaffRoutes } from './public.routes.ts';
export { staffSignedIn } from './staff-door.ts';
export { staffRoutes } from './staff.routes.ts';

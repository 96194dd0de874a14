export { grantApproved } from './decide-refund.ts';
export { settleDeed } from './deeds.ts';
export { lookAtComplaint } from './look.ts';
export { pullComplaints } from './pull.ts';
export { askForRegistration, registerAddress } from './register.ts';
export { complaintRoutes } from './staff.routes.ts';

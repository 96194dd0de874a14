export { verifyAudit } from './verify.ts';
export { type AuditContext, type Audited, writeAudit } from './write.ts';

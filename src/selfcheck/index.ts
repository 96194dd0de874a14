export { isUnchanged, withChecksum } from './checksum.ts';
export type { Report } from './report.ts';
export { runSelfcheck } from './run-selfcheck.ts';
export { showPage } from './show-page.ts';
export { showText } from './show-text.ts';
export type { Site } from './site.ts';

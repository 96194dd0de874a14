import { NOTICE_PATH } from '../payments/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to know where news of complaints goes. */
    'complaints.register': Record<string, never>;
  }
}

/** In the background: a start does not wait for WeChat. */
export async function askForRegistration(desk: Desk): Promise<void> {
  if (desk.config.COMPLAINTS !== 'notices') return;
  await desk.transaction((work) => enqueue(work, 'complaints.register', {}, { key: 'complaints.register' }));
}

/** The job `complaints.register`. A merchant has one address: ours takes the place of any other. */
export async function registerAddress(desk: Desk): Promise<void> {
  const url = `${desk.config.PUBLIC_ORIGIN}${NOTICE_PATH}`;
  const known = await desk.pay.findComplaintUrl();
  if (known === url) return;
  if (known !== null) desk.log.warn({ before: known }, 'news of complaints went to another address');
  await desk.pay.setComplaintUrl(url, known === null);
}

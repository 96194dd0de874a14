import { NOTICE_PATH } from '../payments/index.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** WeChat is to know where news of fapiao goes, and how they look in card packs. */
    'fapiao.register': Record<string, never>;
  }
}

/** In the background: a start does not wait for WeChat. */
export async function askForFapiaoRegistration(desk: Desk): Promise<void> {
  if (desk.config.FAPIAO !== 'wechat') return;
  await desk.transaction((work) => enqueue(work, 'fapiao.register', {}, { key: 'fapiao.register' }));
}

/** The job `fapiao.register`. A merchant has one address and one card: ours take the place of any other, once. */
export async function registerFapiao(desk: Desk): Promise<void> {
  const url = `${desk.config.PUBLIC_ORIGIN}${NOTICE_PATH}`;
  const known = await desk.pay.findFapiaoUrl();
  if (known === url) return;
  if (known !== null) desk.log.warn({ before: known }, 'news of fapiao went to another address');
  const { OFFICIAL_ACCOUNT_APPID: appid, FAPIAO_CARD_LOGO_URL: logoUrl } = desk.config;
  // The card first: the address is the sign that both are there.
  await desk.pay.setFapiaoCard({ appid, logoUrl: logoUrl! });
  await desk.pay.setFapiaoUrl(url);
}

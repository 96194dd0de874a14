import { LeverError } from '../errors.ts';
import { NOTICE_CHOICES, type Notice, type NoticeSend, type NoticeSettings } from '../pay/notice.ts';
import { changeMode, deliverDue, sendByLever } from '../pay/notice-sending.ts';
import { TAMPERS } from '../pay/notice-tampering.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { changeSettings } from './change-settings.ts';

const MOST_SENDS = 1000;

interface SendWish {
  times: number;
  parallel: boolean;
  tamper: string;
}

/** Holding, sending, doubling and spoiling the notices of WeChat Pay. */
export function noticeLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/notices', (ctx) => {
    ctx.body = [...world.pay.notices.values()].map(presentNotice);
  });

  router.get('/notices/settings', (ctx) => {
    ctx.body = world.pay.noticeSettings;
  });

  router.post('/notices/settings', (ctx) => {
    ctx.body = changeSettings(world.pay.noticeSettings, leverBody<NoticeSettings>(ctx), NOTICE_CHOICES);
    changeMode(world);
  });

  router.post('/notices/deliver-due', async (ctx) => {
    await deliverDue(world);
    ctx.body = [...world.pay.notices.values()].map(presentNotice);
  });

  router.post('/notices/:id/send', async (ctx) => {
    const notice = getNotice(world, ctx.params.id!);
    const { times = 1, parallel = false, tamper } = leverBody<SendWish>(ctx);
    if (!Number.isInteger(times) || times < 1 || times > MOST_SENDS)
      throw new LeverError(400, `times is 1 to ${MOST_SENDS}`);
    if (tamper !== undefined && !TAMPERS.includes(tamper))
      throw new LeverError(400, `tamper is one of ${TAMPERS.join(', ')}`);
    if (tamper === 'replay' && !notice.last) throw new LeverError(409, 'there is no honest send to replay yet');
    const sends = await repeat(times, parallel, () => sendByLever(world, notice, tamper));
    ctx.body = sends.map(({ status, body, ms, error }) => ({ status, body, ms, ...(error ? { error } : {}) }));
  });

  return router;
}

/** A notice without the sealed bytes. */
export const presentNotice = ({ id, createdAt, outTradeNo, url, content, state, nextAt, sends }: Notice) => ({
  id,
  createdAt,
  outTradeNo,
  url,
  content,
  state,
  nextAt,
  sends,
});

function getNotice({ pay }: World, id: string): Notice {
  const notice = pay.notices.get(id);
  if (!notice) throw new LeverError(404, `there is no notice ${id}`);
  return notice;
}

async function repeat(times: number, parallel: boolean, send: () => Promise<NoticeSend>): Promise<NoticeSend[]> {
  if (parallel) return Promise.all(Array.from({ length: times }, send));
  const sends: NoticeSend[] = [];
  for (let done = 0; done < times; done += 1) sends.push(await send());
  return sends;
}

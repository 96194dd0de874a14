import { LeverError } from '../errors.ts';
import type { Complaint, ProblemType } from '../pay/complaint.ts';
import { goOn, type NewComplaint, raise, say } from '../pay/complaint-life.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

const TYPES: readonly ProblemType[] = ['REFUND', 'SERVICE_NOT_WORK', 'OTHERS'];
const MOST_IMAGES = 4;

interface Words {
  text: string;
  images: number;
  /** false: the news of it is lost. */
  notify: boolean;
}

/** What payers, and WeChat's own people, say of orders. */
export function complaintLevers(world: World): SimulatorRouter {
  const router = newRouter();

  router.get('/pay/complaints', (ctx) => {
    ctx.body = [...world.pay.complaints.values()].map(presentComplaint);
  });

  router.post('/pay/orders/:number/complaint', (ctx) => {
    const order = world.pay.orders.get(ctx.params.number!);
    if (!order?.payment) throw new LeverError(404, `there is no paid order ${ctx.params.number}`);
    const { notify = true, ...wanted } = leverBody<NewComplaint & { notify: boolean }>(ctx);
    const payer = world.people.find(order.payment.personId);
    const complaint = {
      detail: '办理进度太慢，希望尽快处理',
      problem: '服务未按约定提供',
      type: 'OTHERS' as const,
      refundFen: null,
      phone: payer?.phone ?? null,
      images: 0,
      mchid: world.kit.mchid,
      ...wanted,
    };
    if (!TYPES.includes(complaint.type)) throw new LeverError(400, `type is one of ${TYPES.join(', ')}`);
    checkImages(complaint.images);
    ctx.body = presentComplaint(raise(world, order, complaint, notify));
  });

  router.post('/pay/complaints/:id/continue', (ctx) => {
    const complaint = getComplaint(world, ctx.params.id!);
    const { text = '问题没有解决，继续投诉', notify = true } = leverBody<Words>(ctx);
    goOn(world, complaint, text, notify);
    ctx.body = presentComplaint(complaint);
  });

  router.post('/pay/complaints/:id/say', (ctx) => {
    const complaint = getComplaint(world, ctx.params.id!);
    const {
      by = 'user',
      text = '请问有进展吗',
      images = 0,
      notify = true,
    } = leverBody<Words & { by: 'user' | 'platform' }>(ctx);
    if (!['user', 'platform'].includes(by)) throw new LeverError(400, 'by is user or platform');
    checkImages(images);
    say(world, complaint, { by, text, images }, notify);
    ctx.body = presentComplaint(complaint);
  });

  return router;
}

function checkImages(images: number): void {
  if (!Number.isInteger(images) || images < 0 || images > MOST_IMAGES)
    throw new LeverError(400, `images is how many there are, 0 to ${MOST_IMAGES}`);
}

function getComplaint({ pay }: World, id: string): Complaint {
  const complaint = pay.complaints.get(id);
  if (!complaint) throw new LeverError(404, `there is no complaint ${id}`);
  return complaint;
}

const presentComplaint = ({ order, ...complaint }: Complaint) => ({ ...complaint, outTradeNo: order.outTradeNo });

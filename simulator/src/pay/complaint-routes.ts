import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import {
  answerComplaint,
  completeComplaint,
  decideRefund,
  listComplaints,
  listHistory,
  queryComplaint,
} from './complaint-calls.ts';
import { downloadImage, uploadImage } from './complaint-images.ts';
import { createAddress, queryAddress, removeAddress, updateAddress } from './complaint-notifications.ts';
import { signedMeta } from './multipart.ts';
import { bodyOf, fileSpeaker, speaker } from './speak.ts';

/** Consumer complaints 2.0. */
export function mountComplaints(router: SimulatorRouter, world: World): void {
  const speak = speaker(world);
  const addresses = '/v3/merchant-service/complaint-notifications';
  router.post(
    addresses,
    speak(200, (ctx) => createAddress(world, bodyOf(ctx))),
  );
  router.get(
    addresses,
    speak(200, () => queryAddress(world)),
  );
  router.put(
    addresses,
    speak(200, (ctx) => updateAddress(world, bodyOf(ctx))),
  );
  router.delete(
    addresses,
    speak(204, () => removeAddress(world)),
  );

  const complaints = '/v3/merchant-service/complaints-v2';
  router.get(
    complaints,
    speak(200, (ctx) => listComplaints(world, ctx.query)),
  );
  router.get(
    `${complaints}/:id`,
    speak(200, (ctx) => queryComplaint(world, ctx.params.id!)),
  );
  router.get(
    `${complaints}/:id/negotiation-historys`,
    speak(200, (ctx) => listHistory(world, ctx.params.id!, ctx.query)),
  );
  router.post(
    `${complaints}/:id/response`,
    speak(204, (ctx) => answerComplaint(world, ctx.params.id!, bodyOf(ctx))),
  );
  router.post(
    `${complaints}/:id/complete`,
    speak(204, (ctx) => completeComplaint(world, ctx.params.id!, bodyOf(ctx))),
  );
  router.post(
    `${complaints}/:id/update-refund-progress`,
    speak(204, (ctx) => decideRefund(world, ctx.params.id!, bodyOf(ctx))),
  );

  const images = '/v3/merchant-service/images';
  router.post(
    `${images}/upload`,
    speak(200, (ctx) => uploadImage(world, ctx), { signed: signedMeta, takes: 'multipart/form-data' }),
  );
  router.get(
    `${images}/:id`,
    fileSpeaker(world)((ctx) => downloadImage(world, ctx.params.id!)),
  );
}

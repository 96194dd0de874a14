import type { SimulatorContext, SimulatorRouter } from '../../routing.ts';
import type { World } from '../../world.ts';
import { signedMeta } from '../multipart.ts';
import { bodyOf, openFileSpeaker, speaker } from '../speak.ts';
import { createTemplate, insertCards, uploadFile } from './cards.ts';
import { downloadFile } from './file.ts';
import { issueFapiao } from './issue.ts';
import { baseInformation, changeOptions, queryOptions, taxCodes } from './merchant.ts';
import { listFiles, queryFapiao } from './query.ts';
import { reverseFapiao } from './reverse.ts';
import { titleUrl, userTitle } from './titles.ts';

const serialOf = (ctx: SimulatorContext): string => ctx.get('Wechatpay-Serial');

/** Electronic fapiao of a direct merchant. */
export function mountFapiao(router: SimulatorRouter, world: World): void {
  const speak = speaker(world);
  const fapiao = '/v3/new-tax-control-fapiao';
  router.get(`${fapiao}/merchant/base-information`, speak(200, baseInformation));
  router.get(
    `${fapiao}/merchant/tax-codes`,
    speak(200, (ctx) => taxCodes(ctx.query)),
  );
  router.patch(
    `${fapiao}/merchant/development-config`,
    speak(200, (ctx) => changeOptions(world, bodyOf(ctx))),
  );
  router.get(
    `${fapiao}/merchant/development-config`,
    speak(200, () => queryOptions(world)),
  );
  router.post(
    `${fapiao}/card-template`,
    speak(200, (ctx) => createTemplate(world, bodyOf(ctx))),
  );
  router.get(
    `${fapiao}/user-title/title-url`,
    speak(200, (ctx) => titleUrl(world, ctx.query)),
  );
  router.get(
    `${fapiao}/user-title`,
    speak(200, (ctx) => userTitle(world, ctx.query)),
  );

  const applications = `${fapiao}/fapiao-applications`;
  router.post(
    applications,
    speak(202, (ctx) => issueFapiao(world, serialOf(ctx), bodyOf(ctx))),
  );
  router.post(
    `${applications}/upload-fapiao-file`,
    speak(200, (ctx) => uploadFile(world, ctx), { signed: signedMeta, takes: 'multipart/form-data' }),
  );
  router.get(
    `${applications}/:id`,
    speak(200, (ctx) => queryFapiao(world, ctx.params.id!, ctx.query)),
  );
  router.get(
    `${applications}/:id/fapiao-files`,
    speak(200, (ctx) => listFiles(world, ctx.params.id!, ctx.query)),
  );
  router.post(
    `${applications}/:id/reverse`,
    speak(202, (ctx) => reverseFapiao(world, ctx.params.id!, bodyOf(ctx))),
  );
  router.post(`${applications}/:id/insert-cards`, (ctx) =>
    speak(world.pay.settings.fapiaoInsertStatus, () => insertCards(world, ctx.params.id!, serialOf(ctx), bodyOf(ctx)))(
      ctx,
    ),
  );
  router.get(
    '/invoicing/fapiao/fapiao-file',
    openFileSpeaker(world)((ctx) => downloadFile(world, ctx.query, ctx.state.fault?.kind)),
  );
}

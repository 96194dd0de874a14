import { LeverError } from '../errors.ts';
import { changeSubscription, showSubscribeDialog, type DialogAnswer } from '../mini-program/subscribe-dialog.ts';
import { leverBody, newRouter, type SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';

/** What a person does inside the mini-program. */
export function miniProgramLevers(world: World): SimulatorRouter {
  const router = newRouter('/people/:id/mini-program');
  const personOf = (id: string | undefined) => world.people.get(id ?? '');

  router.post('/login', (ctx) => {
    const person = personOf(ctx.params.id);
    ctx.body = { code: world.miniProgram.loginCodes.issue({ personId: person.id }) };
  });

  router.post('/phone-code', (ctx) => {
    const { appid = world.miniProgram.appid } = leverBody<{ appid: string }>(ctx);
    const person = personOf(ctx.params.id);
    ctx.body = { code: world.miniProgram.phoneCodes.issue({ personId: person.id, appid }) };
  });

  router.post('/subscribe', (ctx) => {
    const wanted = leverBody<{ templateIds: string[]; answer: DialogAnswer | Record<string, DialogAnswer> }>(ctx);
    const { templateIds = [], answer = 'accept' } = wanted;
    if (!Array.isArray(templateIds)) throw new LeverError(400, 'templateIds is a list');
    ctx.body = showSubscribeDialog(world, personOf(ctx.params.id), templateIds, answer);
  });

  router.post('/subscription', (ctx) => {
    const { templateId, status, mainSwitchOff } = leverBody<{
      templateId: string;
      status: DialogAnswer;
      mainSwitchOff: boolean;
    }>(ctx);
    const person = personOf(ctx.params.id);
    if (mainSwitchOff !== undefined) world.miniProgram.consents.setOff(person.id, mainSwitchOff);
    if (templateId !== undefined) changeSubscription(world, person, templateId, status ?? 'reject');
    ctx.body = subscriptionsOf(world, person.id);
  });

  router.get('/subscription', (ctx) => {
    ctx.body = subscriptionsOf(world, personOf(ctx.params.id).id);
  });

  return router;
}

/** Consents that are left, by template; `always` for a long-term one. */
function subscriptionsOf({ miniProgram }: World, personId: string) {
  const left = miniProgram.templates.map(({ templateId }): [string, number | 'always'] => {
    const count = miniProgram.consents.left(personId, templateId);
    return [templateId, count === Infinity ? 'always' : count];
  });
  return { mainSwitchOff: miniProgram.consents.isOff(personId), left: Object.fromEntries(left) };
}

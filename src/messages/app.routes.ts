import { z } from 'zod';
import { MessageBinding } from '../../entities/message-binding.ts';
import type { MessageConsentsBody } from '../contracts/app.ts';
import { getIdentity } from '../identity/index.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { shapeOf } from '../platform/http/shapes.ts';
import { consentAnswered } from './consents.ts';

const consentsBody = shapeOf<MessageConsentsBody>()(
  z.strictObject({
    answers: z
      .array(
        z.strictObject({
          templateId: z.string().min(1).max(64),
          answer: z.enum(['accept', 'reject', 'ban', 'filter']),
        }),
      )
      .min(1)
      .max(5),
  }),
);

export const messageRoutes = newRoutes();

messageRoutes.post(
  '/message-consents',
  accept(
    {
      summary: 'What the person answered when the mini-program asked for message consent',
      body: consentsBody,
      answers: { status: 204 },
    },
    async (ctx, { body }) => {
      const { desk, customer, requestId } = ctx.state;
      const { appid, openid, appKind } = await getIdentity(desk, customer.identityId);
      const bindings = await desk.db.findBy(MessageBinding, { appKind: 'mini-program' });
      const ours = new Set(bindings.map(({ templateId }) => templateId));
      // An answer to a template that is not ours is nobody's consent.
      const answers = appKind === 'mini-program' ? body.answers.filter(({ templateId }) => ours.has(templateId)) : [];
      await desk.transaction(async (work) => {
        for (const { templateId, answer } of answers) {
          if (answer !== 'accept' && answer !== 'reject') continue;
          const who = { customerId: customer.customerId, appid, openid, templateId };
          const isAccepted = answer === 'accept';
          await consentAnswered(work, who, {
            isAccepted,
            witness: 'hint',
            source: `${requestId}:${templateId}`,
            at: work.now(),
          });
        }
      });
      ctx.status = 204;
    },
  ),
);

import { z } from 'zod';
import { MessageBinding } from '../../entities/message-binding.ts';
import { messageTemplates, type MessageTemplate } from '../../templates/messages/index.ts';
import {
  type BindingBody,
  bindingStates,
  type CardView,
  messageApps,
  type MessageApp,
  type MessageTemplateView,
  type PreviewBody,
  templateFaultWords,
} from '../contracts/messages.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { oneOf, shapeOf } from '../platform/http/shapes.ts';
import type { Work } from '../platform/work.ts';
import { bindTemplate, getTemplate, resumeTemplate, unbindTemplate } from './bind-template.ts';
import { assertFacts, cardOf } from './card.ts';
import { presentTemplate } from './present-template.ts';
import { syncTemplates } from './sync-templates.ts';

const instant = z.iso.datetime().nullable();

const bindingBody = shapeOf<BindingBody>()(
  z.strictObject({ templateId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, '模板 ID 不正确') }),
);
const previewBody = shapeOf<PreviewBody>()(z.strictObject({ facts: z.record(z.string(), z.unknown()) }));
const byMessage = z.object({ message: z.string().max(64) });
const byBinding = byMessage.extend({ app: oneOf<MessageApp>(messageApps) });

const templateView = shapeOf<MessageTemplateView>()(
  z.object({
    message: z.string(),
    title: z.string(),
    event: z.string(),
    fields: z.array(z.object({ field: z.string(), label: z.string() })),
    facts: z.record(z.string(), z.unknown()),
    bindings: z.array(
      z.object({
        app: oneOf<MessageApp>(messageApps),
        state: oneOf(bindingStates),
        templateId: z.string().nullable(),
        boundBy: z.enum(['configuration', 'staff']).nullable(),
        faults: z.array(
          z.object({
            code: oneOf(templateFaultWords),
            field: z.string().nullable(),
            theirs: z.string().optional(),
            words: z.string(),
          }),
        ),
        checkedAt: instant,
        stoppedAt: instant,
        stopReason: z.string().nullable(),
      }),
    ),
  }),
);
export const cardView = shapeOf<CardView>()(
  z.object({
    title: z.string(),
    rows: z.array(z.object({ label: z.string(), value: z.string() })),
    page: z.string(),
  }),
);

/** Every message that the product can say, and the templates of WeChat's that serve them. */
export const messageTemplateRoutes = newRoutes();

const present = async ({ db }: Work, template: MessageTemplate) =>
  presentTemplate(template, await db.findBy(MessageBinding, { message: template.name }));

messageTemplateRoutes.get(
  '/message-templates',
  accept(
    {
      summary: 'Every message, its facts and fields, and whether its templates fit',
      needs: 'read-messages',
      answers: { status: 200, data: z.array(templateView) },
    },
    async (ctx) => {
      const bindings = await ctx.state.desk.db.find(MessageBinding);
      const templates = Object.values(messageTemplates) as unknown as MessageTemplate[];
      ctx.body = { data: templates.map((template) => presentTemplate(template, bindings)) };
    },
  ),
);

messageTemplateRoutes.post(
  '/message-templates/sync',
  accept(
    {
      summary: 'Compare all templates with what WeChat has now',
      needs: 'manage-templates',
      answers: { status: 204 },
      refuses: ['upstream.unavailable', 'upstream.refused'],
    },
    async (ctx) => {
      const { desk } = ctx.state;
      await syncTemplates(desk.as({ kind: 'system' }));
      await desk.transaction(async (work) =>
        work.audit({ deed: 'templates-compared', subject: { kind: 'message-template', id: 'all' } }),
      );
      ctx.status = 204;
    },
  ),
);

messageTemplateRoutes.post(
  '/message-templates/:message/preview',
  accept(
    {
      summary: 'The card as the person would see it; facts that do not fit are named',
      needs: 'read-messages',
      params: byMessage,
      body: previewBody,
      answers: { status: 200, data: cardView },
      refuses: ['message.not_found'],
    },
    async (ctx, { params, body }) => {
      const template = getTemplate(params.message);
      ctx.body = { data: cardOf(template, assertFacts(template, body.facts)) };
    },
  ),
);

messageTemplateRoutes.put(
  '/message-templates/:message/bindings/:app',
  accept(
    {
      summary: 'Let a template of WeChat’s serve a message; the answer says whether it fits',
      needs: 'manage-templates',
      params: byBinding,
      body: bindingBody,
      answers: { status: 200, data: templateView },
      refuses: ['message.not_found', 'message.rights_lapsed', 'upstream.unavailable', 'upstream.refused'],
    },
    async (ctx, { params: { message, app }, body }) => {
      await bindTemplate(ctx.state.desk, message, app, body.templateId);
      ctx.body = { data: await present(ctx.state.desk, getTemplate(message)) };
    },
  ),
);

messageTemplateRoutes.delete(
  '/message-templates/:message/bindings/:app',
  accept(
    {
      summary: 'Take what staff bound back; what the configuration says holds again',
      needs: 'manage-templates',
      params: byBinding,
      answers: { status: 204 },
      refuses: ['message.not_bound'],
    },
    async (ctx, { params: { message, app } }) => {
      await unbindTemplate(ctx.state.desk, message, app);
      ctx.status = 204;
    },
  ),
);

messageTemplateRoutes.post(
  '/message-templates/:message/bindings/:app/resume',
  accept(
    {
      summary: 'Use a template again that WeChat had refused; it is compared anew first',
      needs: 'manage-templates',
      params: byBinding,
      answers: { status: 200, data: templateView },
      refuses: [
        'message.not_found',
        'message.not_bound',
        'message.rights_lapsed',
        'upstream.unavailable',
        'upstream.refused',
      ],
    },
    async (ctx, { params: { message, app } }) => {
      const template = getTemplate(message);
      await resumeTemplate(ctx.state.desk, message, app);
      ctx.body = { data: await present(ctx.state.desk, template) };
    },
  ),
);

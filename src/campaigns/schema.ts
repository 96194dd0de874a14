import { z } from 'zod';
import {
  type CampaignBody,
  type CampaignListQuery,
  type CampaignProgressView,
  campaignStates,
  type CampaignView,
  type ChangeCampaignBody,
  type DeliveryListQuery,
  type DeliveryView,
  type ExportQuery,
  type MessageListQuery,
  type RehearsalView,
  type StaffMessageBody,
  type UnknownDecisionBody,
  unknownDecisions,
  unreachedWords,
} from '../contracts/campaigns.ts';
import { type MessageApp, messageApps } from '../contracts/messages.ts';
import { type DeliveryState, deliveryStates } from '../contracts/states.ts';
import { audienceBody } from '../audiences/index.ts';
import { cardView } from '../messages/index.ts';
import { after, limit, line, oneOf, queryOf, shapeOf } from '../platform/http/shapes.ts';
import { spreadsheetKinds } from '../platform/files/spreadsheet.ts';

const instantIn = z.iso.datetime('时间格式不正确，例如 2026-11-25T08:00:00Z').nullable().optional();
const instant = z.iso.datetime();
const facts = z.record(z.string(), z.unknown());
const message = z.string().max(64);

const body = z.strictObject({
  name: line(40),
  message,
  event: line(60),
  facts,
  audience: audienceBody,
  calls: z
    .strictObject({ withinHours: z.int().min(1).max(720), owners: z.array(z.string().min(1).max(32)).max(50) })
    .nullable()
    .optional(),
  link: z.string().max(512).nullable().optional(),
  startAt: instantIn,
  endAt: instantIn,
});
export const campaignBody = shapeOf<CampaignBody>()(body);
export const changeCampaignBody = shapeOf<ChangeCampaignBody>()(body.partial());
export const staffMessageBody = shapeOf<StaffMessageBody>()(
  z.strictObject({
    message,
    to: z.union([
      z.strictObject({ orderNumber: z.string().regex(/^TB\d{14}$/, '订单号不正确') }),
      z.strictObject({ customerId: z.uuid() }),
    ]),
    facts,
  }),
);

export const unknownDecisionBody = shapeOf<UnknownDecisionBody>()(
  z.strictObject({ decision: oneOf(unknownDecisions) }),
);

export const byId = z.object({ id: z.uuid() });
export const campaignListQuery = queryOf<CampaignListQuery>()(
  z.object({ after: after.optional(), limit: limit.default(50), state: oneOf(campaignStates).optional() }),
);
const deliveries = z.object({
  after: after.optional(),
  limit: limit.default(50),
  state: oneOf(deliveryStates).optional(),
  reason: z.string().min(1).max(64).optional(),
  /** Of unknown ones: whether staff decided. */
  decided: z.stringbool('请填 true 或 false').optional(),
});
export const deliveryListQuery = queryOf<DeliveryListQuery>()(deliveries);
export const messageListQuery = queryOf<MessageListQuery>()(deliveries.extend({ customerId: z.uuid().optional() }));
export const exportQuery = queryOf<ExportQuery>()(
  z.object({ format: oneOf(spreadsheetKinds).default('xlsx'), state: oneOf(deliveryStates).optional() }),
);

const app = oneOf<MessageApp>(messageApps);
const count = z.int().min(0);
const rehearsalView = shapeOf<RehearsalView>()(
  z.object({
    rehearsedAt: instant,
    people: count,
    duplicates: count,
    reachable: z.array(z.object({ app, people: count })),
    unreachable: z.array(z.object({ reason: oneOf(unreachedWords), words: z.string(), people: count })),
    violations: z.object({
      people: count,
      first: z.array(
        z.object({ customerId: z.uuid(), orderNumber: z.string().nullable(), fields: z.array(z.string()) }),
      ),
    }),
    budget: z.array(
      z.object({
        app,
        limit: count,
        used: count,
        needed: count,
        days: count,
        countedBy: z.enum(['wechat', 'us']),
      }),
    ),
    waitsUntil: instant.nullable(),
    rightsLapse: z.object({ day: z.iso.date().nullable(), why: z.string() }).nullable(),
    needsSecondPerson: z.boolean(),
    seconds: count,
    samples: z.array(cardView),
  }),
);
export const campaignView = shapeOf<CampaignView>()(
  z.object({
    id: z.uuid(),
    name: z.string(),
    message: z.string(),
    title: z.string(),
    event: z.string(),
    facts,
    audience: body.shape.audience,
    calls: body.shape.calls.unwrap(),
    link: z.string().nullable(),
    state: oneOf(campaignStates),
    stateWords: z.string(),
    stateReason: z.string().nullable(),
    startAt: instant.nullable(),
    endAt: instant.nullable(),
    wakeAt: instant.nullable(),
    rehearsal: rehearsalView.nullable(),
    createdBy: z.string(),
    createdAt: instant,
    releasedBy: z.string().nullable(),
    releasedAt: instant.nullable(),
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
  }),
);
export const progressView = shapeOf<CampaignProgressView>()(
  z.object({
    state: oneOf(campaignStates),
    stateReason: z.string().nullable(),
    people: count,
    counts: z.record(oneOf<DeliveryState>(deliveryStates), count),
    settled: count,
    perSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
);
export const deliveryView = shapeOf<DeliveryView>()(
  z.object({
    id: z.uuid(),
    message: z.string(),
    customerId: z.uuid(),
    nickname: z.string().nullable(),
    state: oneOf(deliveryStates),
    stateWords: z.string(),
    channel: app.nullable(),
    reason: z.string().nullable(),
    reasonWords: z.string().nullable(),
    decision: oneOf(unknownDecisions).nullable(),
    createdAt: instant,
    sentAt: instant.nullable(),
    endedAt: instant.nullable(),
  }),
);

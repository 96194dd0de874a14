import { In, IsNull, Not } from 'typeorm';
import { MessageBinding } from '../../entities/message-binding.ts';
import type { AppKind } from '../../entities/wechat-identity.ts';
import { findTemplate, messageTemplates } from '../../templates/messages/index.ts';
import { reasonWords } from '../contracts/campaigns.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk, Transaction, Work } from '../platform/work.ts';

/** Nothing more is sent with a template until staff look. */
export interface TemplateBlocked {
  message: string;
  app: AppKind;
  /** ISO instant. */
  at: string;
  /** Why, in Chinese. */
  why: string;
}

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    'template.blocked': TemplateBlocked;
  }
}

const VARIABLES = {
  'official-account': 'OFFICIAL_ACCOUNT_TEMPLATES',
  'mini-program': 'MINI_PROGRAM_TEMPLATES',
} as const satisfies Record<AppKind, string>;

export const configuredTemplate = (
  { config }: Pick<Work, 'config'>,
  message: string,
  app: AppKind,
): string | undefined => config[VARIABLES[app]][message];

/** Nothing may be sent with it. */
export const isBlocked = ({ faults, stoppedAt }: MessageBinding): boolean => faults.length > 0 || stoppedAt !== null;

/** A template that is to be compared anew. */
export const unchecked = { content: null, faults: [], checkedAt: null, stoppedAt: null, stopReason: null };

/** Brings what the configuration binds into the books; what staff bound stays. What would silence a message is said once, at start. */
export async function adoptBindings(desk: Desk): Promise<void> {
  for (const app of ['official-account', 'mini-program'] as const) {
    const variable = VARIABLES[app];
    const wanted = desk.config[variable];
    const unknown = Object.keys(wanted).filter((message) => !findTemplate(message));
    if (unknown.length > 0) desk.log.warn({ variable, messages: unknown }, 'templates for messages that there are not');
    const bound = await desk.transaction((work) => adopt(work, app, wanted), { retryDuplicates: true });
    const unbound = Object.keys(messageTemplates).filter((message) => !bound.includes(message));
    if (unbound.length > 0) desk.log.warn({ app, messages: unbound }, 'messages without a template');
  }
}

async function adopt(work: Transaction, appKind: AppKind, wanted: Record<string, string>): Promise<string[]> {
  const messages = Object.keys(wanted).filter((message) => findTemplate(message));
  await work.db.delete(MessageBinding, { appKind, boundBy: 'configuration', message: Not(In(messages)) });
  const known = await work.db.find(MessageBinding, { where: { appKind }, ...locked<MessageBinding>(work.db) });
  for (const message of messages) {
    const templateId = wanted[message]!;
    const binding = known.find((each) => each.message === message);
    if (!binding) await bind(work, { message, appKind, templateId, boundBy: 'configuration' });
    else if (binding.boundBy === 'configuration' && binding.templateId !== templateId)
      await work.db.update(MessageBinding, { id: binding.id }, { templateId, ...unchecked } as never);
  }
  return [...messages, ...known.map(({ message }) => message)];
}

export async function bind(
  work: Transaction,
  binding: Pick<MessageBinding, 'message' | 'appKind' | 'templateId' | 'boundBy'>,
): Promise<MessageBinding> {
  const made = Object.assign(new MessageBinding(), { id: newId(), ...binding });
  await work.db.insert(MessageBinding, made as never);
  return made;
}

/** WeChat refuses the template itself: nothing more is sent with it until somebody looks. */
export async function stopTemplate(
  desk: Desk,
  { message, appKind, templateId }: Pick<MessageBinding, 'message' | 'appKind' | 'templateId'>,
  reason: string,
): Promise<void> {
  const isNews = await desk.transaction(async (work) => {
    const running = { message, appKind, templateId, stoppedAt: IsNull() };
    const { affected } = await work.db.update(MessageBinding, running, { stoppedAt: work.now(), stopReason: reason });
    if (affected) await announceBlocked(work, { message, appKind }, `微信拒绝使用该模板（${reasonWords(reason)}）`);
    return Boolean(affected);
  });
  if (isNews) desk.log.error({ message, app: appKind, reason }, 'a template was stopped: WeChat refuses it');
}

export const announceBlocked = (
  work: Transaction,
  { message, appKind }: Pick<MessageBinding, 'message' | 'appKind'>,
  why: string,
): Promise<void> => enqueue(work, 'template.blocked', { message, app: appKind, at: work.now().toISOString(), why });

import { MessageBinding } from '../../entities/message-binding.ts';
import type { AppKind } from '../../entities/wechat-identity.ts';
import { type TemplateFault, templateFaultWords } from '../contracts/messages.ts';
import { findTemplate } from '../../templates/messages/index.ts';
import { needsOperator, UpstreamError } from '../platform/errors.ts';
import { enqueue } from '../platform/jobs/index.ts';
import type { Desk } from '../platform/work.ts';
import { announceBlocked } from './bindings.ts';
import { compareTemplate, type WechatTemplate } from './compare-template.ts';

declare module '../platform/jobs/enqueue.ts' {
  interface JobPayloads {
    /** The templates are to be compared with what WeChat has. */
    'templates.sync': Record<string, never>;
  }
}

/** Asks for a comparison in the background: a start does not wait for WeChat. */
export const askForSync = (desk: Desk): Promise<void> =>
  desk.transaction((work) => enqueue(work, 'templates.sync', {}, { key: 'templates.sync' }));

/**
 * Compares every bound template with what WeChat has now; what does not fit is blocked, the rest goes on.
 * @throws {UpstreamError} when a list cannot be had, and later may
 */
export async function syncTemplates(desk: Desk): Promise<void> {
  for (const app of ['official-account', 'mini-program'] as const) {
    try {
      await compareAll(desk, app, await listTemplates(desk, app));
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.retryable || !needsOperator(error)) throw error;
      desk.log.error({ app, code: error.code }, 'WeChat does not show its templates');
    }
  }
}

export const listTemplates = (desk: Desk, app: AppKind): Promise<WechatTemplate[]> =>
  app === 'official-account' ? desk.officialAccount.listTemplates() : desk.miniProgram.listTemplates();

async function compareAll(desk: Desk, appKind: AppKind, theirs: readonly WechatTemplate[]): Promise<void> {
  const bindings = await desk.db.findBy(MessageBinding, { appKind });
  for (const binding of bindings) {
    const found = whatIs(desk, binding, theirs);
    const { id, templateId, message } = binding;
    // Bound to another template meanwhile: that one is compared by itself.
    await desk.transaction(async (work) => {
      await work.db.update(MessageBinding, { id, templateId }, found as never);
      const isNews = found.faults.length > 0 && binding.faults.length === 0;
      if (isNews) await announceBlocked(work, binding, sentenceOf(found.faults));
    });
    if (found.faults.length > 0)
      desk.log.error({ message, app: appKind, faults: found.faults }, 'a template does not fit its message');
  }
  const messages = bindings.map(({ message }) => message);
  desk.log.info({ app: appKind, messages: messages.length, templates: theirs.length }, 'templates compared');
}

const sentenceOf = (faults: readonly TemplateFault[]): string =>
  faults
    .map(({ field, code }) => (field ? `${field} ${templateFaultWords[code]}` : templateFaultWords[code]))
    .join('；');

/** What a comparison found out about one binding. */
export function whatIs(
  { now }: Pick<Desk, 'now'>,
  { message, templateId }: Pick<MessageBinding, 'message' | 'templateId'>,
  theirs: readonly WechatTemplate[],
): Pick<MessageBinding, 'content' | 'faults' | 'checkedAt'> {
  const found = theirs.find((one) => one.templateId === templateId);
  const template = findTemplate(message)!;
  return { content: found?.content ?? null, faults: compareTemplate(template, found), checkedAt: now() };
}

import { MessageBinding } from '../../entities/message-binding.ts';
import type { AppKind } from '../../entities/wechat-identity.ts';
import { findTemplate, type MessageTemplate } from '../../templates/messages/index.ts';
import { locked } from '../platform/database/index.ts';
import type { Desk, Transaction } from '../platform/work.ts';
import { bind, configuredTemplate, unchecked } from './bindings.ts';
import { messageNotFound, notBound, rightsLapsed } from './errors.ts';
import { findLapse } from './rights.ts';
import { listTemplates, whatIs } from './sync-templates.ts';

/** @throws {AppError} message.not_found */
export function getTemplate(message: string): MessageTemplate {
  const template = findTemplate(message);
  if (!template) throw messageNotFound();
  return template;
}

/**
 * Lets a template of WeChat's serve a message. It is compared first, and bound also when it does not fit: then nothing is sent
 * with it, and the answer says why.
 * @throws {AppError} message.not_found, message.rights_lapsed
 * @throws {UpstreamError} when WeChat does not show its templates
 */
export async function bindTemplate(desk: Desk, message: string, appKind: AppKind, templateId: string): Promise<void> {
  getTemplate(message);
  await assertRights(desk, appKind);
  const found = whatIs(desk, { message, templateId }, await listTemplates(desk, appKind));
  await desk.transaction(
    async (work) => {
      const before = await lockBinding(work, message, appKind);
      if (before) await work.db.delete(MessageBinding, { id: before.id });
      const made = await bind(work, { message, appKind, templateId, boundBy: 'staff' });
      await work.db.update(MessageBinding, { id: made.id }, found as never);
      work.audit({
        deed: 'template-bound',
        subject: subjectOf(message, appKind),
        ...(before ? { before: { templateId: before.templateId } } : {}),
        after: { templateId, faults: found.faults },
      });
    },
    { retryDuplicates: true },
  );
}

/**
 * Takes what staff bound back: what the configuration says holds again, if it says something.
 * @throws {AppError} message.not_bound
 */
export async function unbindTemplate(desk: Desk, message: string, appKind: AppKind): Promise<void> {
  await desk.transaction(async (work) => {
    const before = await lockBinding(work, message, appKind);
    if (before?.boundBy !== 'staff') throw notBound();
    await work.db.delete(MessageBinding, { id: before.id });
    const templateId = configuredTemplate(work, message, appKind);
    if (templateId) await bind(work, { message, appKind, templateId, boundBy: 'configuration' });
    work.audit({
      deed: 'template-unbound',
      subject: subjectOf(message, appKind),
      before: { templateId: before.templateId },
    });
  });
}

/**
 * Somebody has looked at why WeChat refused the template: it is compared anew and used again.
 * @throws {AppError} message.not_bound, message.rights_lapsed
 * @throws {UpstreamError} when WeChat does not show its templates
 */
export async function resumeTemplate(desk: Desk, message: string, appKind: AppKind): Promise<void> {
  await assertRights(desk, appKind);
  const theirs = await listTemplates(desk, appKind);
  await desk.transaction(async (work) => {
    const binding = await lockBinding(work, message, appKind);
    if (!binding) throw notBound();
    const found = { ...unchecked, ...whatIs(desk, binding, theirs) };
    await work.db.update(MessageBinding, { id: binding.id }, found as never);
    work.audit({
      deed: 'template-resumed',
      subject: subjectOf(message, appKind),
      before: { stopReason: binding.stopReason },
      after: { faults: found.faults },
    });
  });
}

/** Nothing could be sent with it. @throws {AppError} message.rights_lapsed */
async function assertRights(desk: Desk, appKind: AppKind): Promise<void> {
  const lapse = appKind === 'official-account' ? await findLapse(desk, desk.now()) : null;
  if (lapse) throw rightsLapsed(lapse);
}

const subjectOf = (message: string, app: AppKind) => ({
  kind: 'message-template',
  id: `${message}/${app}`.slice(0, 64),
});

const lockBinding = ({ db }: Transaction, message: string, appKind: AppKind): Promise<MessageBinding | null> =>
  db.findOne(MessageBinding, { where: { message, appKind }, ...locked<MessageBinding>(db) });

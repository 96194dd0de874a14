import { randomInt } from 'node:crypto';
import type { World } from '../world.ts';
import type { App } from './app.ts';
import type { SentMessage } from './messages.ts';
import type { PushContent } from './push-content.ts';
import * as refuse from './refusals.ts';
import { findFieldFault, renderRows, type Template } from './template-fields.ts';

/** The result event follows within seconds; how many is not published. */
const FINISH_MS = { least: 500, most: 3000 };

/** @throws PlatformError 40036, 40037 */
export function templateOf(app: App, templateId: unknown): Template {
  if (typeof templateId !== 'string' || templateId === '' || templateId.length > 128) throw refuse.templateIdLength();
  const template = app.templates.find((candidate) => candidate.templateId === templateId);
  if (!template) throw refuse.wrongTemplateId();
  return template;
}

/** What the person will read. @throws PlatformError 47003 or 40250, naming the field */
export function rowsOf(app: App, template: Template, fields: unknown): SentMessage['rows'] {
  const fault = findFieldFault(template, fields);
  if (fault?.isEmpty && app.settings.emptyValueCode === 40250) throw refuse.irregularContent();
  if (fault) throw refuse.badField(fault.field);
  return renderRows(template, fields as Record<string, { value: string }>);
}

/** Plans the result event of a message, unless a lever keeps it. */
export function finishLater(world: World, app: App, message: SentMessage, eventOf: () => PushContent): void {
  if (app.settings.finishEvents !== 'auto') return;
  const delay = randomInt(FINISH_MS.least, FINISH_MS.most + 1);
  world.clock.at(world.clock.now() + delay, () => {
    if (message.isFinished) return;
    message.isFinished = true;
    app.pushes.create(eventOf());
    return app.pushes.settledSoon();
  });
}

import { findTemplate } from '../../templates/messages/index.ts';
import { messageApps } from '../contracts/messages.ts';
import type { TemplateBlocked } from '../messages/index.ts';
import type { Desk } from '../platform/work.ts';
import { openTasks } from './open-task.ts';

const WITHIN_MS = 4 * 3600_000;

/** The job `template.blocked`: whoever manages templates finds it on the list. */
export async function askToMendTemplate(desk: Desk, { message, app, at, why }: TemplateBlocked): Promise<void> {
  const title = findTemplate(message)?.title ?? message;
  await desk.transaction((work) =>
    openTasks(work, [
      {
        kind: 'attention',
        about: `template:${message}:${app}:${Date.parse(at)}`,
        title: `模板不可用：${title}`,
        note: `${messageApps[app]}：${why}。在处理之前，这种消息不会通过该渠道发送。`,
        dueAt: new Date(work.now().getTime() + WITHIN_MS),
      },
    ]),
  );
}

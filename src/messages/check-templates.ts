import { messageTemplates } from '../../templates/messages/index.ts';
import type { Desk } from '../platform/work.ts';

/** A misspelt name in the configuration would silence a message: said once, at start. */
export function warnOfTemplates({ config, log }: Pick<Desk, 'config' | 'log'>): void {
  for (const variable of ['OFFICIAL_ACCOUNT_TEMPLATES', 'MINI_PROGRAM_TEMPLATES'] as const) {
    const given = Object.keys(config[variable]);
    const known = Object.keys(messageTemplates);
    const unknown = given.filter((name) => !known.includes(name));
    const absent = known.filter((name) => !given.includes(name));
    if (unknown.length > 0) log.warn({ variable, messages: unknown }, 'templates for messages that there are not');
    if (absent.length > 0) log.warn({ variable, messages: absent }, 'messages without a template');
  }
}

import { z } from 'zod';
import type { MessageBinding } from '../../entities/message-binding.ts';
import type { MessageTemplate } from '../../templates/messages/index.ts';
import {
  type BindingState,
  type BindingView,
  type MessageApp,
  messageApps,
  type MessageTemplateView,
  templateFaultWords,
} from '../contracts/messages.ts';

export const presentTemplate = (
  { name, title, event, fields, facts }: MessageTemplate,
  bindings: readonly MessageBinding[],
): MessageTemplateView => ({
  message: name,
  title,
  event,
  fields: Object.entries(fields).map(([field, [label]]) => ({ field, label })),
  facts: z.toJSONSchema(facts) as Record<string, unknown>,
  bindings: (Object.keys(messageApps) as MessageApp[]).map((app) =>
    presentBinding(
      app,
      bindings.find(({ message, appKind }) => message === name && appKind === app),
    ),
  ),
});

const presentBinding = (app: MessageApp, binding: MessageBinding | undefined): BindingView => ({
  app,
  state: stateOf(binding),
  templateId: binding?.templateId ?? null,
  boundBy: binding?.boundBy ?? null,
  faults: (binding?.faults ?? []).map((fault) => ({ ...fault, words: templateFaultWords[fault.code] })),
  checkedAt: binding?.checkedAt?.toISOString() ?? null,
  stoppedAt: binding?.stoppedAt?.toISOString() ?? null,
  stopReason: binding?.stopReason ?? null,
});

function stateOf(binding: MessageBinding | undefined): BindingState {
  if (!binding) return 'unbound';
  if (binding.stoppedAt) return 'stopped';
  if (binding.faults.length > 0) return 'faulty';
  return binding.checkedAt ? 'usable' : 'unchecked';
}

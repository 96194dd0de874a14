import { In } from 'typeorm';
import { MessageBinding } from '../../entities/message-binding.ts';
import { askedWhenPaying } from '../../templates/messages/index.ts';
import type { Work } from '../platform/work.ts';

/** Template ids of the messages whose consent the mini-program asks for, the most wanted first. */
export async function consentsToAsk({ db }: Work): Promise<string[]> {
  const bindings = await db.findBy(MessageBinding, { appKind: 'mini-program', message: In([...askedWhenPaying]) });
  const ids = askedWhenPaying.map((wanted) => bindings.find(({ message }) => message === wanted)?.templateId);
  return [...new Set(ids.filter((id) => id !== undefined))];
}

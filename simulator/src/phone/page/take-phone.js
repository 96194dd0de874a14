import { closeBrowser } from './browser.js';
import { toast } from './dialogs.js';
import { change, handOver } from './store.js';

/** Another person has another phone: nothing that was open here is open there. */
export async function takePhone(personId) {
  closeBrowser();
  change({ tab: 'chats', openChat: null });
  const answer = await handOver(personId);
  if (!answer.ok) toast(answer.error);
}

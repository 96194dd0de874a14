import { lever } from '../server.js';
import { redraw, refresh } from '../store.js';
import { exactTimeOf } from '../words.js';

/** How the last lever went; `kind` is `good`, `bad`, `busy` or nothing. */
export const leverResult = { kind: '', words: '' };

/**
 * Pulls a lever and says how it went.
 * @param words what to say on success; a function is given the answer
 */
export async function pull(words, path, body = {}, method = 'POST') {
  say('busy', '正在执行…');
  const answer = await lever(path, body, method);
  const time = exactTimeOf(Date.now());
  if (answer.ok) say('good', `${time} ${typeof words === 'function' ? words(answer.value) : words}`);
  else say('bad', `${time} 没有成功：${answer.error}`);
  await refresh();
  return answer;
}

/** What never came to the lever. */
export function refuse(words) {
  say('bad', `没有成功：${words}`);
}

function say(kind, words) {
  Object.assign(leverResult, { kind, words });
  redraw();
}

import { ask } from './server.js';

const POLL_MS = 1000;
/** A server that is away is asked less often. */
const RETRY_MS = 3000;
/** A clock that is further off than an answer takes was moved. */
const JUMP_MS = 2000;

/** Everything the page shows. `state` is the server's word, the rest is where the person is on the phone. */
export const store = {
  /** Null until the first answer. */
  state: null,
  /** False while the server does not answer. */
  isConnected: true,
  /** Virtual milliseconds ahead of this machine's clock; while frozen, the instant itself. */
  clock: { offset: 0, frozenAt: null },
  /** `chats`, `discover`, `me` */
  tab: 'chats',
  /** `official-account`, `service-notices`, or null: the list. */
  openChat: null,
  consoleTab: 'person',
  isConsoleOpen: false,
};

const listeners = [];
let version = '';
let timer;

export const onChange = (listener) => listeners.push(listener);

/** Draws everything anew. */
export function redraw() {
  for (const listener of listeners) listener();
}

export function change(wanted) {
  Object.assign(store, wanted);
  redraw();
}

export const virtualNow = () => store.clock.frozenAt ?? Date.now() + store.clock.offset;

let refreshing = Promise.resolve();

/** Asks the server what is new. Resolves when it is drawn. */
export function refresh() {
  refreshing = refreshing.catch(() => undefined).then(fetchState);
  return refreshing;
}

async function fetchState() {
  const answer = await fetch(`state?known=${version}`).catch(() => null);
  const wasConnected = store.isConnected;
  store.isConnected = answer !== null && answer.ok;
  if (!store.isConnected) {
    if (wasConnected) redraw();
    return;
  }
  const state = answer.status === 204 ? store.state : await answer.json();
  const isNew = version !== answer.headers.get('Phone-Version');
  version = answer.headers.get('Phone-Version');
  const now = Number(answer.headers.get('Phone-Clock'));
  const offset = now - Date.now();
  const hasJumped = Math.abs(offset - store.clock.offset) > JUMP_MS;
  store.clock = { offset, frozenAt: state.frozen ? now : null };
  store.state = state;
  if (isNew || hasJumped || !wasConnected) redraw();
}

/** Looks once a second for what is new, and not at all while nobody looks at the page. */
export function keepFresh() {
  document.addEventListener('visibilitychange', schedule);
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(() => void refresh().finally(schedule), store.isConnected ? POLL_MS : RETRY_MS);
}

/** Hands the phone to somebody; the cookie on this origin is what counts. */
export async function handOver(personId) {
  const answer = await ask('POST', 'holder', { personId });
  await refresh();
  return answer;
}

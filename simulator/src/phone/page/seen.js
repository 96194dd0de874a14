/** How far each person has read each chat; kept in this browser, as on a phone. */
const keyOf = (personId, chat) => `phone-seen:${personId}:${chat}`;

const counted = (lines) => lines.filter(({ kind, isOwn }) => kind !== 'note' && !isOwn);

export function unreadOf(personId, chat, lines) {
  const messages = counted(lines);
  const seen = localStorage.getItem(keyOf(personId, chat));
  return messages.length - 1 - messages.findLastIndex(({ id }) => id === seen);
}

export function markSeen(personId, chat, lines) {
  const last = counted(lines).at(-1);
  if (last) localStorage.setItem(keyOf(personId, chat), last.id);
}

import { FINISHED_BLOCKED } from '../official-account/template-calls.ts';
import type { Person } from '../people.ts';
import type { SentMessage } from '../platform/messages.ts';
import type { Push } from '../platform/pushes.ts';
import type { World } from '../world.ts';

/** One line of a chat; `at` in virtual Unix milliseconds. */
type ChatLine = { id: string; at: number } & (
  | { kind: 'card'; title: string; rows: SentMessage['rows']; url?: string; page?: string }
  | { kind: 'text'; text: string; isOwn: boolean }
  | { kind: 'note'; text: string }
);

/** Nobody scrolls further back on this phone. */
const SHOWN = 100;

/** What the phone shows to its holder. */
export function presentPhone(world: World, person: Person | null) {
  const { officialAccount, miniProgram } = world;
  return {
    person,
    people: world.people.all(),
    frozen: world.clock.isFrozen,
    officialAccount: nameOf(officialAccount),
    miniProgram: nameOf(miniProgram),
    home: homeOf(world),
    chats: {
      'official-account': person ? officialAccountChat(world, person) : [],
      'service-notices': person ? serviceNotices(world, person) : [],
    },
  };
}

const nameOf = ({ appid, settings }: World['officialAccount'] | World['miniProgram']) => ({
  appid,
  name: settings.accountName,
});

/** The customer page lives where the pushes go, until somebody opens another. */
function homeOf({ officialAccount }: World): string | null {
  const { callbackUrl } = officialAccount.settings;
  return URL.canParse(callbackUrl) ? `${new URL(callbackUrl).origin}/` : null;
}

function officialAccountChat(world: World, person: Person): ChatLine[] {
  const { appid, pushes, settings } = world.officialAccount;
  const received = world.platform.messages
    .all(person.id)
    .filter((message) => message.appid === appid && message.result !== FINISHED_BLOCKED)
    .map((message) => (message.kind === 'reply' ? asText(message) : asCard(message)));
  const done = pushes
    .all()
    .filter(({ content }) => content.FromUserName === person.openids[appid])
    .flatMap((push) => lineOfPush(push, settings.accountName));
  return [...received, ...done].toSorted((one, other) => one.at - other.at).slice(-SHOWN);
}

const serviceNotices = (world: World, person: Person): ChatLine[] =>
  world.platform.messages
    .all(person.id)
    .filter(({ appid }) => appid === world.miniProgram.appid)
    .slice(-SHOWN)
    .map(asCard);

function asCard({ msgid, sentAt, title = '', rows, url, page, miniprogram }: SentMessage): ChatLine {
  const target = page ?? miniprogram?.pagepath;
  return {
    id: msgid,
    at: sentAt,
    kind: 'card',
    title,
    rows,
    ...(url ? { url } : {}),
    ...(target ? { page: target } : {}),
  };
}

const asText = ({ msgid, sentAt, text = '' }: SentMessage): ChatLine => ({
  id: msgid,
  at: sentAt,
  kind: 'text',
  text,
  isOwn: false,
});

/** What the person did in the chat is known by the pushes that it caused. */
function lineOfPush({ id, createdAt: at, what, content }: Push, accountName: string): ChatLine[] {
  if (what === 'text') return [{ id, at, kind: 'text', text: String(content.Content), isOwn: true }];
  if (what === 'subscribe') return [{ id, at, kind: 'note', text: `你已关注“${accountName}”` }];
  if (what === 'unsubscribe') return [{ id, at, kind: 'note', text: `你已取消关注“${accountName}”` }];
  if (what === 'SCAN') return [{ id, at, kind: 'note', text: `你扫描了“${accountName}”的二维码` }];
  return [];
}

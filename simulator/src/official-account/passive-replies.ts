import type { World } from '../world.ts';

/** Shows every accepted passive reply in the person's chat; a repeated answer to one push shows once. */
export function keepReplies({
  people,
  platform,
  officialAccount,
}: Pick<World, 'people' | 'platform' | 'officialAccount'>) {
  const answered = new Set<string>();
  officialAccount.pushes.onReply = (push, reply) => {
    const person = people.findByOpenid(officialAccount.appid, String(reply.ToUserName));
    if (!person || answered.has(push.id)) return;
    answered.add(push.id);
    platform.messages.add({
      msgid: String(platform.messages.newMsgid()),
      appid: officialAccount.appid,
      kind: 'reply',
      personId: person.id,
      openid: String(reply.ToUserName),
      rows: [],
      text: String(reply.Content ?? `[${String(reply.MsgType)}]`),
      sentAt: push.createdAt,
      result: null,
      isFinished: true,
    });
  };
}

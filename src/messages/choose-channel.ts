import { MessageBinding } from '../../entities/message-binding.ts';
import type { Channel } from '../../entities/message-delivery.ts';
import { findWechatContacts } from '../identity/index.ts';
import type { Work } from '../platform/work.ts';
import { isBlocked } from './bindings.ts';
import { consentsLeft } from './consents.ts';
import { isHeldForRights, RIGHTS_LAPSED } from './rights.ts';

/** Where a message can go. */
export interface Way {
  channel: Channel;
  appid: string;
  openid: string;
  templateId: string;
}

/** Why it cannot go anywhere. */
export type NoWay =
  | 'not_following_and_no_consent'
  | 'no_wechat_identity'
  | 'template_not_configured'
  | 'template_blocked'
  | 'rights_lapsed';

/**
 * The service account's template message for a follower, else the mini-program's subscribe message while consent is left.
 * @param after the way that was refused: what comes before it is not tried again
 */
export async function chooseChannel(
  work: Work,
  { customerId, message }: { customerId: string; message: string },
  after: Channel | null,
): Promise<Way | NoWay> {
  const identities = await findWechatContacts(work, customerId);
  if (identities.length === 0) return 'no_wechat_identity';
  const bindings = await work.db.findBy(MessageBinding, { message });
  const usable = (app: Channel) => bindings.find((one) => one.appKind === app && !isBlocked(one))?.templateId;
  const accountTemplate = usable('official-account');
  const programTemplate = usable('mini-program');

  const follower = identities.find(({ appKind, follow }) => appKind === 'official-account' && follow === 'following');
  if (follower && accountTemplate && after === null) {
    const { appid, openid } = follower;
    return { channel: 'official-account', appid, openid, templateId: accountTemplate };
  }

  if (programTemplate && after !== 'mini-program') {
    for (const { appid, openid } of identities.filter(({ appKind }) => appKind === 'mini-program')) {
      const key = { appid, openid, templateId: programTemplate };
      if ((await consentsLeft(work, key)) > 0) return { channel: 'mini-program', ...key };
    }
  }
  const isHeld = bindings.some(isHeldForRights);
  // While the right is gone, WeChat does not say who follows.
  const mayFollow = identities.some(({ appKind, follow }) => appKind === 'official-account' && follow === null);
  if (isHeld && (follower || mayFollow)) return RIGHTS_LAPSED;
  const isOurFault = follower ? !accountTemplate : !accountTemplate && !programTemplate;
  if (!isOurFault) return 'not_following_and_no_consent';
  return bindings.some(isBlocked) ? 'template_blocked' : 'template_not_configured';
}

import type { Kit } from '../kit.ts';
import { App, usualSettings, type AppSettings } from '../platform/app.ts';
import type { Surroundings } from '../platform/pushes.ts';
import type { Right } from './rights.ts';
import { Tickets } from './tickets.ts';

/** What the official account's console holds, and how the simulator treats what the documentation leaves open. */
export interface OfficialAccountSettings extends AppSettings {
  /** Hosts as registered: web authorisation, and pages that may use the JS-SDK. With or without a port. */
  domains: { oauth: string[]; jsSafe: string[] };
  /** WeChat opens pages that ask for snsapi_userinfo without a tap as snapshots. */
  snapshot: boolean;
  /** Users report that `is_snapshotuser` is missing at the first hit. */
  snapshotFlagMissing: boolean;
  /** What `sns/userinfo` says to a snapshot's token: the virtual person, or 48001. */
  snapshotUserinfo: 'virtual' | 'refused';
  /** Followers are authorised without the consent page; not confirmed. */
  silentForFollowers: boolean;
  /** WeChat refuses the authorisation address when its parameters are in another order; not confirmed. */
  strictAuthorizeOrder: boolean;
  /** The code of an expired OAuth code: both are named. */
  expiredCode: 42003 | 40029;
  /** What happens to a message for a person who blocks the account: refused, or `failed:user block` in the result event. */
  blockedAnswer: '43101' | '48002' | '43019' | 'finish-event';
  /** What a repeated client_msg_id gets: not stated anywhere. */
  repeatedClientMsgId: 'old-msgid' | 'refused';
  /** Openids on a page of the follower list; ten thousand in the real service. */
  followersPerPage: number;
  /** Rights that are refused (48001) while the account is not qualified; the exact list is not confirmed. */
  withdrawnRights: Right[];
}

const FOLLOWERS_PER_PAGE = 10_000;

/** The official account: a service account, verified unless a lever says otherwise. */
export class OfficialAccount extends App<OfficialAccountSettings> {
  readonly tickets: Tickets;
  /** When each person followed, by person id, in virtual Unix milliseconds. */
  readonly followedAt = new Map<string, number>();
  readonly createdAt: number;

  constructor(kit: Kit['officialAccount'], surroundings: Surroundings) {
    const settings: OfficialAccountSettings = {
      ...usualSettings('通办服务号', kit),
      domains: { oauth: ['localhost', '127.0.0.1'], jsSafe: ['localhost', '127.0.0.1'] },
      snapshot: false,
      snapshotFlagMissing: false,
      snapshotUserinfo: 'virtual',
      silentForFollowers: false,
      strictAuthorizeOrder: true,
      expiredCode: 42003,
      blockedAnswer: '43101',
      repeatedClientMsgId: 'old-msgid',
      followersPerPage: FOLLOWERS_PER_PAGE,
      withdrawnRights: ['template-send', 'template-list', 'web-oauth', 'user-info'],
    };
    super({ ...kit, kind: 'official-account' }, settings, [...kit.templates], surroundings);
    this.tickets = new Tickets(() => surroundings.clock.now());
    this.createdAt = surroundings.clock.now();
  }
}

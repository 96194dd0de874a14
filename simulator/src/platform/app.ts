import { Pushes, type Surroundings } from './pushes.ts';
import type { Template } from './template-fields.ts';
import { Verification } from './verification.ts';

export type AppKind = 'official-account' | 'mini-program';
export type PushMode = 'plain' | 'compatible' | 'safe';

export const STANDINGS = ['normal', 'unauthorised', 'banned', 'frozen', 'secret-frozen', 'token-forbidden'] as const;

/** What WeChat thinks of an account, apart from its verification. */
export type Standing = (typeof STANDINGS)[number];

/** What the console of an account holds, and how the simulator treats what the documentation leaves open. */
export interface AppSettings {
  /** What people see as the sender and on the consent page. */
  accountName: string;
  /** Where pushes go; empty: nowhere. */
  callbackUrl: string;
  token: string;
  encodingAesKey: string;
  mode: PushMode;
  pushFormat: 'xml' | 'json';
  /** `held`: pushes are made but wait for a lever, which may send them in any order and as often as it likes. */
  pushes: 'auto' | 'held';
  /** Pushes lost in a row before WeChat marks the address as failed for a minute; the figure is not published. */
  markFailAfter: number;
  /** Whether a single element of a JSON list comes without its brackets. Both are seen. */
  singleListAs: 'object' | 'array';
  /** How JSON pushes write numbers. Both are seen. */
  numbersAs: 'string' | 'number';
  /** False: the caller's address is not on the list, and no token is given out. */
  whitelistOk: boolean;
  standing: Standing;
  /** Result events of messages: sent by themselves, by a lever only, or never. */
  finishEvents: 'auto' | 'held' | 'drop';
  /** Events of the verification: pushed like any other, or never, as if all tries were lost. */
  verificationEvents: 'auto' | 'drop';
  /** The code of an empty field: the documentation names both. */
  emptyValueCode: 47003 | 40250;
  /** Whose the account is (主体). */
  principalName: string;
  /** Unified social credit code of an enterprise; empty: the account is a person's. */
  credential: string;
  /** Whether getaccountbasicinfo takes an account's own token; not confirmed, users report 48001. */
  basicInfo: 'available' | 'not_available';
  /** POST by the current page of getaccountbasicinfo, GET by older ones. */
  basicInfoMethods: 'both' | 'post' | 'get';
  /** Booleans by the current page of getaccountbasicinfo, 1 and 0 by older ones. */
  basicInfoFlags: 'boolean' | 'number';
  /** What getaccountbasicinfo says of a verification that ran out: not qualified, or qualified until an instant that is over. */
  lapseShownAs: 'unqualified' | 'end-passed';
}

export interface AppIdentity {
  readonly kind: AppKind;
  readonly appid: string;
  readonly secret: string;
  /** `gh_…`, the account's name in pushes. */
  readonly originalId: string;
}

export const usualSettings = (
  accountName: string,
  kit: {
    token: string;
    encodingAesKey: string;
    pushMode: PushMode;
    pushFormat?: 'xml' | 'json';
  },
): AppSettings => ({
  accountName,
  callbackUrl: '',
  token: kit.token,
  encodingAesKey: kit.encodingAesKey,
  mode: kit.pushMode,
  pushFormat: kit.pushFormat ?? 'xml',
  pushes: 'auto',
  markFailAfter: 3,
  singleListAs: 'object',
  numbersAs: 'string',
  whitelistOk: true,
  standing: 'normal',
  finishEvents: 'auto',
  verificationEvents: 'auto',
  emptyValueCode: 47003,
  principalName: '上海通办企业服务有限公司',
  credential: '91310115MA1K4TB02J',
  basicInfo: 'available',
  basicInfoMethods: 'both',
  basicInfoFlags: 'boolean',
  lapseShownAs: 'unqualified',
});

/** An account with an appid: what the official account and the mini-program have in common. */
export class App<Settings extends AppSettings = AppSettings> implements AppIdentity {
  readonly kind: AppKind;
  readonly appid: string;
  readonly secret: string;
  readonly originalId: string;
  readonly settings: Settings;
  readonly pushes: Pushes;
  readonly verification: Verification;
  templates: Template[];

  /** @param surroundings the clock, and the signal that ends what is under way when the world ends */
  constructor(identity: AppIdentity, settings: Settings, templates: Template[], surroundings: Surroundings) {
    this.kind = identity.kind;
    this.appid = identity.appid;
    this.secret = identity.secret;
    this.originalId = identity.originalId;
    this.settings = settings;
    this.templates = templates;
    this.pushes = new Pushes({ ...identity, name: identity.kind }, settings, surroundings);
    this.verification = new Verification(this, surroundings.clock);
  }
}

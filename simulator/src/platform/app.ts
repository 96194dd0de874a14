import { Pushes, type Surroundings } from './pushes.ts';
import type { Template } from './template-fields.ts';

export type AppKind = 'official-account' | 'mini-program';
export type PushMode = 'plain' | 'compatible' | 'safe';

export const STANDINGS = ['normal', 'unauthorised', 'banned', 'frozen', 'secret-frozen', 'token-forbidden'] as const;

/** What WeChat thinks of an account: `unauthorised` also stands for a verification that has lapsed. */
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
  /** The code of an empty field: the documentation names both. */
  emptyValueCode: 47003 | 40250;
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
  emptyValueCode: 47003,
});

/** An account with an appid: what the official account and the mini-program have in common. */
export class App<Settings extends AppSettings = AppSettings> implements AppIdentity {
  readonly kind: AppKind;
  readonly appid: string;
  readonly secret: string;
  readonly originalId: string;
  readonly settings: Settings;
  readonly pushes: Pushes;
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
  }
}

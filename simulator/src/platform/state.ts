import { Messages } from './messages.ts';
import { Quotas } from './quotas.ts';
import { Rids } from './rids.ts';
import { TokenEngine } from './tokens.ts';

/** What api.weixin.qq.com remembers for every account. */
export class PlatformState {
  readonly settings = {
    /** `sns/*` answers say `text/plain` although they are JSON; not confirmed by a page, seen by users. */
    snsTextPlain: true,
    /** Both accounts are bound to one Open Platform account, so that people have a unionid. */
    openPlatformBound: true,
  };
  readonly tokens: TokenEngine;
  readonly quotas: Quotas;
  readonly messages = new Messages();
  readonly rids = new Rids();

  constructor(now: () => number) {
    this.tokens = new TokenEngine(now);
    this.quotas = new Quotas(now);
  }
}

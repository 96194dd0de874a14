import type { Timer } from '../clock.ts';
import { LeverError } from '../errors.ts';
import type { Kit } from '../kit.ts';
import { OneTimeCodes } from '../platform/one-time-codes.ts';
import type { PushSettings } from '../platform/push-sender.ts';
import { Pushes, type Push, type Surroundings } from '../platform/pushes.ts';
import { newCustomerAccount, nextTurn, type CustomerAccount, type NewCustomerAccount } from './account.ts';
import { usualOpenPlatformSettings, type OpenPlatformSettings } from './settings.ts';
import { VerifyTickets } from './tickets.ts';
import { OpenTokens } from './tokens.ts';
import { isToldOf, pushVerification } from './verification-events.ts';

/** The place of the account's appid in the message URL. */
export const APPID_PLACE = '$APPID$';

/** One third-party platform (第三方平台) of the Open Platform, and the accounts of its customers. */
export class OpenPlatform {
  readonly appid: string;
  readonly secret: string;
  readonly settings: OpenPlatformSettings = usualOpenPlatformSettings();
  /** To the authorisation URL. */
  readonly pushes: Pushes;
  readonly tickets: VerifyTickets;
  readonly componentTokens: OpenTokens;
  readonly authorizerTokens: OpenTokens;
  readonly preAuthCodes: OneTimeCodes<{ appid: string }>;
  readonly authCodes: OneTimeCodes<{ appid: string }>;
  private readonly accounts = new Map<string, CustomerAccount>();
  private readonly accountPushes = new Map<string, Pushes>();
  private readonly turns = new Map<string, Timer>();
  private readonly kit: Kit['openPlatform'];
  private readonly surroundings: Surroundings;

  constructor(kit: Kit['openPlatform'], surroundings: Surroundings) {
    this.kit = kit;
    this.appid = kit.appid;
    this.secret = kit.secret;
    this.surroundings = surroundings;
    const now = () => surroundings.clock.now();
    const formerLives = () => this.settings.formerTokens === 'live';
    this.componentTokens = new OpenTokens(now, formerLives);
    this.authorizerTokens = new OpenTokens(now, formerLives);
    this.preAuthCodes = new OneTimeCodes(now, () => this.settings.preAuthCodeSeconds * 1000);
    this.authCodes = new OneTimeCodes(now, () => this.settings.authCodeSeconds * 1000);
    this.pushes = this.pushesOf('open-platform', null, () => this.settings.authorisationUrl);
    this.tickets = new VerifyTickets(surroundings.clock, this.settings, this.pushes);
    for (const seed of SEEDS) this.add(seed);
  }

  all(): CustomerAccount[] {
    return [...this.accounts.values()];
  }

  find(appid: string): CustomerAccount | null {
    return this.accounts.get(appid) ?? null;
  }

  /** @throws LeverError 404 */
  get(appid: string): CustomerAccount {
    const account = this.find(appid);
    if (!account) throw new LeverError(404, `there is no customer's account ${appid}`);
    return account;
  }

  /** @throws LeverError 409 when the appid is taken */
  add(wanted: NewCustomerAccount): CustomerAccount {
    const account = newCustomerAccount(this.accounts.size + 1, wanted, this.surroundings.clock.now());
    if (this.accounts.has(account.appid)) throw new LeverError(409, `there is an account ${account.appid} already`);
    this.accounts.set(account.appid, account);
    this.planTurn(account);
    return account;
  }

  /**
   * The review window opens and the year ends by the clock, and whoever may know is told. To be called when either was moved;
   * what lies in the past is not told.
   */
  planTurn(account: CustomerAccount): void {
    const { clock } = this.surroundings;
    const planned = this.turns.get(account.appid);
    if (planned) clock.cancel(planned);
    this.turns.delete(account.appid);
    const turn = nextTurn(account.verification, clock.now());
    if (!turn) return;
    const take = () => {
      this.planTurn(account);
      if (!isToldOf(account)) return;
      pushVerification({ clock, openPlatform: this }, account, { event: turn.event });
      return this.messagesOf(account).settledSoon();
    };
    this.turns.set(account.appid, clock.at(turn.at, take));
  }

  /** Pushes about one account, to the message URL, sealed with the platform's key. */
  messagesOf({ appid, originalId }: CustomerAccount): Pushes {
    const address = () => this.settings.messageUrl.replace(APPID_PLACE, appid);
    const pushes = this.accountPushes.get(appid) ?? this.pushesOf(`open-platform-${appid}`, originalId, address);
    this.accountPushes.set(appid, pushes);
    return pushes;
  }

  /** All addresses together: who can send a push again. */
  everyPushes(): Pushes[] {
    return [this.pushes, ...this.accountPushes.values()];
  }

  /** The oldest first. */
  allPushes(): Push[] {
    return this.everyPushes()
      .flatMap((pushes) => pushes.all())
      .toSorted((one, other) => one.createdAt - other.createdAt);
  }

  private pushesOf(name: string, originalId: string | null, address: () => string): Pushes {
    const { settings, kit } = this;
    const sealed: PushSettings = {
      token: kit.token,
      encodingAesKey: kit.encodingAesKey,
      mode: 'safe',
      pushFormat: 'xml',
      singleListAs: 'array',
      numbersAs: 'string',
      get callbackUrl() {
        return address();
      },
      get pushes() {
        return settings.pushes;
      },
      get markFailAfter() {
        return settings.markFailAfter;
      },
    };
    return new Pushes({ name, appid: kit.appid, originalId }, sealed, this.surroundings);
  }
}

/** What the people who are there from the beginning own. */
const SEEDS: NewCustomerAccount[] = [
  { ownerId: 'lin', kind: 'service', nickname: '林记茶行', principalName: '深圳市林记茶业有限公司' },
  { ownerId: 'lin', kind: 'mini-program', nickname: '林记茶行商城', principalName: '深圳市林记茶业有限公司' },
  {
    ownerId: 'ouyang',
    kind: 'subscription',
    nickname: '慕容书屋',
    principalName: '慕容书屋（个体工商户）',
    customerType: 12,
  },
];

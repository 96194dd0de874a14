import { randomBytes } from 'node:crypto';
import type { Kit } from '../kit.ts';
import { App, usualSettings, type AppSettings } from '../platform/app.ts';
import { OneTimeCodes } from '../platform/one-time-codes.ts';
import type { Surroundings } from '../platform/pushes.ts';
import { Consents } from './consents.ts';
import type { Shipping } from './shipping.ts';

/** What the mini-program's console holds, and how the simulator treats what the documentation leaves open. */
export interface MiniProgramSettings extends AppSettings {
  /** Pages of the released version, without a leading slash; none: every page counts as released. */
  pages: string[];
  /** Ids of people whose login WeChat blocks (40226). */
  riskyPeople: string[];
  /** A new login makes a new session_key; not confirmed how often it does. */
  rotatesSessionKey: boolean;
  /** Logins of one person a minute, from an older text. */
  loginsPerMinute: number;
  /** How long a send keeps a person busy, in real milliseconds: another one meanwhile gets 43108. */
  sendTakesMs: number;
  /** Whether the answer to a send carries a msgid; not confirmed. */
  answersMsgid: boolean;
  /** The account is under shipping management (发货信息管理). */
  tradeManaged: boolean;
  /** Every merchant number of the account was authorised or unbound. */
  tradeConfirmed: boolean;
  /** What an account that is not managed is told when it asks: a plain no, or 48001 as users report. Both are seen. */
  unmanagedAnswer: 'no' | 'unauthorised';
  /** Virtual milliseconds until a fresh payment is in the shipping management (a platform employee: wait a minute). */
  shippingLagMs: number;
  /** WeChat reminds of an order that is unshipped for so many hours; null: never. */
  remindAfterHours: number | null;
  /** `auto`: receipt confirms itself after `receiptAfterHours`, and settles; `held`: levers do both. */
  settlement: 'auto' | 'held';
  /** T+2 for what is virtual or picked up (a platform employee in the community; not in the documentation). */
  receiptAfterHours: number;
  /** Not confirmed: what an order is between receipt and settlement. */
  stateBeforeSettlement: 3 | 6;
  /** Whether the settlement event says when; users report that the fields can be empty. */
  settlementTimes: 'told' | 'empty';
}

export interface PhoneCode {
  personId: string;
  /** The mini-program whose button was tapped. */
  appid: string;
}

const LOGINS_PER_MINUTE = 100;
const SEND_TAKES_MS = 20;
const REMIND_AFTER_HOURS = 48;
const RECEIPT_AFTER_HOURS = 48;

export class MiniProgram extends App<MiniProgramSettings> {
  readonly loginCodes: OneTimeCodes<{ personId: string }>;
  readonly phoneCodes: OneTimeCodes<PhoneCode>;
  /** The current session_key by person id: base64 of 16 bytes. */
  readonly sessionKeys = new Map<string, string>();
  readonly consents = new Consents();
  /** People to whom a message is being sent at this moment. */
  readonly busyOpenids = new Set<string>();
  /** What was uploaded of deliveries, by transaction id. */
  readonly shippings = new Map<string, Shipping>();
  /** Numbers of orders whose user was reminded to confirm the receipt. */
  readonly remindedReceipts = new Set<string>();

  constructor(kit: Kit['miniProgram'], surroundings: Surroundings) {
    const settings: MiniProgramSettings = {
      ...usualSettings('通办', kit),
      pages: [],
      riskyPeople: [],
      rotatesSessionKey: true,
      loginsPerMinute: LOGINS_PER_MINUTE,
      sendTakesMs: SEND_TAKES_MS,
      answersMsgid: true,
      tradeManaged: true,
      tradeConfirmed: true,
      unmanagedAnswer: 'no',
      shippingLagMs: 0,
      remindAfterHours: REMIND_AFTER_HOURS,
      settlement: 'auto',
      receiptAfterHours: RECEIPT_AFTER_HOURS,
      stateBeforeSettlement: 3,
      settlementTimes: 'told',
    };
    const templates = kit.templates.map(({ priTmplId, ...template }) => ({ templateId: priTmplId, ...template }));
    super({ ...kit, kind: 'mini-program' }, settings, templates, surroundings);
    const now = () => surroundings.clock.now();
    this.loginCodes = new OneTimeCodes(now);
    this.phoneCodes = new OneTimeCodes(now);
  }

  /** The key that a login hands out. */
  openSession(personId: string): string {
    const kept = this.settings.rotatesSessionKey ? undefined : this.sessionKeys.get(personId);
    return kept ?? this.newSessionKey(personId);
  }

  newSessionKey(personId: string): string {
    const key = randomBytes(16).toString('base64');
    this.sessionKeys.set(personId, key);
    return key;
  }
}

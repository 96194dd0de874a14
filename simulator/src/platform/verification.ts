import type { Clock, Timer } from '../clock.ts';
import { LeverError } from '../errors.ts';
import type { App } from './app.ts';
import type { PushContent } from './push-content.ts';
import type { Push } from './pushes.ts';

const DAY_MS = 86_400_000;
/** The annual review may be done in the last 90 days (a sample of getaccountbasicinfo: 1724244347 to 1732020347). */
const REVIEW_WINDOW_MS = 90 * DAY_MS;
/** How long the accounts of a new world are still verified. */
const FIRST_LIFE_MS = 300 * DAY_MS;
/** A verification is valid for one year; of an annual review nothing else is published. */
const LIFE_MS = 365 * DAY_MS;

export const STEPS = [
  'open',
  'submit',
  'qualification_fail',
  'qualification_success',
  'naming_fail',
  'naming_success',
  'expire',
  'reset',
] as const;
export type Step = (typeof STEPS)[number];

/** Seen by users, in no page of the documentation: the fee is paid, a reviewer is chosen, corrections are asked for, the end. */
export const NOTES = ['wx_verify_pay_succ', 'wx_verify_dispatch', 'wx_verify_refill', 'wx_verify_fail'] as const;
export type Note = (typeof NOTES)[number];

export type VerificationState =
  | 'opened'
  | 'in_review'
  | 'qualification_failed'
  | 'qualified'
  | 'naming_failed'
  | 'verified'
  | 'review_due'
  | 'expired';

export interface StepOptions {
  reason?: string;
  /** When the verification ends, in virtual Unix milliseconds; for `qualification_success` and `reset`. */
  until?: number;
}

const USUAL_REASONS = {
  qualification: '营业执照照片不清晰，无法辨认统一社会信用代码',
  naming: '名称与他人注册商标相同，请提供授权证明或更换名称',
};

/**
 * The verification of one account (微信认证): the qualification is decided first and gives the rights, then the name, which
 * gives the tick. Levers take the steps, the clock opens the annual review and ends the verification.
 * Source: official documentation, push of verification events (微信认证事件推送), getaccountbasicinfo.
 */
export class Verification {
  private readonly app: Pick<App, 'appid' | 'pushes' | 'settings'>;
  private readonly clock: Clock;
  /** The qualification that was submitted last, until it passes. */
  private application: 'none' | 'in_review' | 'failed' = 'none';
  private naming: 'none' | 'in_review' | 'failed' | 'passed' = 'none';
  /** In an annual review the tick stays until the name is decided anew. */
  private keepsTick = false;
  /** See `until`. */
  private end: number | null = null;
  private reason: string | null = null;
  private timers: Timer[] = [];

  constructor(app: Pick<App, 'appid' | 'pushes' | 'settings'>, clock: Clock) {
    this.app = app;
    this.clock = clock;
    this.reset();
  }

  /** When the verification ends or ended, in virtual Unix milliseconds, whole seconds; null: it never began. */
  get until(): number | null {
    return this.end;
  }

  /** The qualification passed at some time: since then the owner's real name counts as checked. */
  get wasQualified(): boolean {
    return this.end !== null;
  }

  /** WeChat counts in seconds: the last one is still within. */
  get isLapsed(): boolean {
    return this.end !== null && this.clock.seconds() > this.end / 1000;
  }

  /** What the rights to call hang on. */
  get isQualified(): boolean {
    return this.end !== null && !this.isLapsed;
  }

  /** What the tick hangs on. */
  get isNamed(): boolean {
    return this.isQualified && this.hasName;
  }

  /** The name as it was decided last, lapsed or not. */
  get hasName(): boolean {
    return this.naming === 'passed' || this.keepsTick;
  }

  get reviewFrom(): number | null {
    return this.end === null ? null : this.end - REVIEW_WINDOW_MS;
  }

  get isReviewDue(): boolean {
    return this.reviewFrom !== null && this.clock.now() >= this.reviewFrom;
  }

  get state(): VerificationState {
    if (this.application === 'in_review') return 'in_review';
    if (this.application === 'failed' && !this.isQualified) return 'qualification_failed';
    if (this.isLapsed) return 'expired';
    if (!this.isQualified) return 'opened';
    if (this.naming === 'in_review') return 'qualified';
    if (this.naming === 'failed') return 'naming_failed';
    return this.isReviewDue ? 'review_due' : 'verified';
  }

  present() {
    const { state, isQualified, isNamed, reviewFrom, until, reason } = this;
    return { state, isQualified, isNamed, reviewFrom, until, reason };
  }

  /** Takes a step and tells it; null where WeChat tells nothing. @throws LeverError 400, 409 */
  take(step: Step, { reason, until }: StepOptions = {}): Push | null {
    switch (step) {
      case 'open':
        this.open();
        return null;
      case 'reset':
        this.reset(until);
        return null;
      case 'submit':
        this.submit();
        return null;
      case 'qualification_success':
        return this.passQualification(until);
      case 'qualification_fail':
        return this.failQualification(reason);
      case 'naming_success':
        return this.passNaming();
      case 'naming_fail':
        return this.failNaming(reason);
      case 'expire':
        return this.expire();
      default:
        throw new LeverError(400, `step is one of ${STEPS.join(', ')}`);
    }
  }

  /** What is told on the way, and changes nothing. The fields of the last one are not confirmed. */
  note(event: Note, reason: string | undefined): Push | null {
    const now = this.clock.seconds();
    if (event === 'wx_verify_refill')
      return this.tell(event, { RefillTime: now, RefillReason: reason ?? USUAL_REASONS.qualification });
    if (event === 'wx_verify_fail')
      return this.tell(event, { FailTime: now, FailReason: reason ?? USUAL_REASONS.qualification });
    return this.tell(event, {});
  }

  /** A new account, never verified. */
  private open(): void {
    this.application = 'none';
    this.naming = 'none';
    this.keepsTick = false;
    this.reason = null;
    this.endsAt(null);
  }

  /** As in a new world: verified, and not to be reviewed for months. */
  private reset(until = this.clock.now() + FIRST_LIFE_MS): void {
    this.open();
    this.naming = 'passed';
    this.endsAt(until);
  }

  private submit(): void {
    if (this.application === 'in_review') throw new LeverError(409, 'an application is in review already');
    if (this.isQualified && !this.isReviewDue) throw new LeverError(409, 'the annual review has not begun');
    this.application = 'in_review';
    this.reason = null;
  }

  private passQualification(until = this.clock.now() + LIFE_MS): Push | null {
    this.assertInReview();
    if (until <= this.clock.now()) throw new LeverError(400, 'until lies in the past');
    this.application = 'none';
    this.keepsTick = this.isNamed;
    this.naming = 'in_review';
    this.endsAt(until);
    return this.tellEnd('qualification_verify_success');
  }

  private failQualification(reason = USUAL_REASONS.qualification): Push | null {
    this.assertInReview();
    this.application = 'failed';
    return this.tellFailure('qualification_verify_fail', reason);
  }

  private passNaming(): Push | null {
    this.assertNameIsOpen();
    this.naming = 'passed';
    this.keepsTick = false;
    this.reason = null;
    return this.tellEnd('naming_verify_success');
  }

  /** The rights stay, and the name may be given again. */
  private failNaming(reason = USUAL_REASONS.naming): Push | null {
    this.assertNameIsOpen();
    this.naming = 'failed';
    this.keepsTick = false;
    return this.tellFailure('naming_verify_fail', reason);
  }

  private expire(): Push | null {
    if (!this.isQualified) throw new LeverError(409, 'the account is not qualified');
    this.endsAt(this.clock.now() - 1000);
    return this.tellEnd('verify_expired');
  }

  private assertInReview(): void {
    if (this.application !== 'in_review') throw new LeverError(409, 'no application is in review');
  }

  private assertNameIsOpen(): void {
    if (!this.isQualified) throw new LeverError(409, 'the qualification is decided before the name');
    if (this.naming === 'passed') throw new LeverError(409, 'the name is decided already');
  }

  /** Sets the end, and plans what the clock is to tell; what lies in the past is not told. */
  private endsAt(instant: number | null): void {
    for (const timer of this.timers) this.clock.cancel(timer);
    this.end = instant === null ? null : Math.floor(instant / 1000) * 1000;
    this.timers = [];
    if (this.end === null) return;
    this.plan(this.end - REVIEW_WINDOW_MS, 'annual_renew');
    this.plan(this.end + 1000, 'verify_expired');
  }

  private plan(instant: number, event: string): void {
    if (instant <= this.clock.now()) return;
    const timer = this.clock.at(instant, () => {
      this.tellEnd(event);
      return this.app.pushes.settledSoon();
    });
    this.timers.push(timer);
  }

  private tellEnd(event: string): Push | null {
    return this.tell(event, { ExpiredTime: this.end! / 1000 });
  }

  private tellFailure(event: string, reason: string): Push | null {
    this.reason = reason;
    return this.tell(event, { FailTime: this.clock.seconds(), FailReason: reason });
  }

  private tell(event: string, fields: PushContent): Push | null {
    const { appid, pushes, settings } = this.app;
    if (settings.verificationEvents === 'drop') return null;
    // Not a user: the system speaks.
    const sender = `oSystemOpenid_${appid.slice(-14)}`;
    return pushes.create({ FromUserName: sender, MsgType: 'event', Event: event, ...fields });
  }
}

import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { LeverError } from '../errors.ts';
import type { PushSender, PushSettings } from './push-sender.ts';
import { signSorted } from './message-crypto.ts';
import type { PushContent } from './push-content.ts';
import { signQuery, writeBody, type PushBody, type Tampering } from './push-envelope.ts';
import { judgeReply, type Verdict } from './push-reply.ts';

/** The receiver has five seconds; WeChat sends three times in all (official documentation, message push). */
const PATIENCE_MS = 5000;
const TRIES = 3;
const MARK_FAIL_MS = 60_000;
/** How long the virtual clock waits for an answer before it goes on; a receiver that needs longer can run out of time. */
const CLOCK_WAITS_MS = 1500;

export interface Attempt {
  at: number;
  /** Real milliseconds until the answer. */
  ms: number;
  verdict: Verdict | 'timeout' | 'unreachable';
  status?: number;
  body?: string;
  reason?: string;
  reply?: Record<string, unknown>;
  tamper?: Tampering;
}

export type PushState = 'held' | 'sending' | 'delivered' | 'lost' | 'dropped' | 'no-address';

export interface Push {
  readonly id: string;
  readonly appid: string;
  /** The event, or the kind of message. */
  readonly what: string;
  readonly content: PushContent;
  readonly createdAt: number;
  state: PushState;
  attempts: Attempt[];
}

export interface Surroundings {
  clock: Clock;
  /** Aborted when the world is made anew or stopped. */
  ended: AbortSignal;
}

/** Pushes of one account to the address in its console. */
export class Pushes {
  private readonly sender: PushSender;
  private readonly settings: PushSettings;
  private readonly clock: Clock;
  private readonly ended: AbortSignal;
  private readonly pushes: Push[] = [];
  private readonly bodies = new Map<Push, PushBody>();
  private readonly underWay = new Set<Promise<unknown>>();
  private lostInARow = 0;
  private markedUntil = 0;
  /** Called with every passive reply that was accepted. */
  onReply: (push: Push, reply: Record<string, unknown>) => void = () => undefined;

  constructor(sender: PushSender, settings: PushSettings, { clock, ended }: Surroundings) {
    this.sender = sender;
    this.settings = settings;
    this.clock = clock;
    this.ended = ended;
  }

  all(): Push[] {
    return [...this.pushes];
  }

  find(id: string): Push | null {
    return this.pushes.find((push) => push.id === id) ?? null;
  }

  /** Until when nothing is pushed, in virtual Unix milliseconds; null when pushes flow. */
  get markedFailUntil(): number | null {
    return this.clock.now() < this.markedUntil ? this.markedUntil : null;
  }

  /** Makes a push and, unless pushes are held, sends it; it does not wait for the answer. */
  create(content: PushContent, createTime = this.clock.seconds()): Push {
    const push: Push = {
      id: `push-${this.sender.name}-${this.pushes.length + 1}`,
      appid: this.sender.appid,
      what: String(content.Event ?? content.InfoType ?? content.MsgType),
      content: addressed(this.sender, createTime, content),
      createdAt: this.clock.now(),
      state: this.firstState(),
      attempts: [],
    };
    this.pushes.push(push);
    if (push.state === 'sending') this.track(this.tryOnce(push, 1));
    return push;
  }

  /** Lever: sends a push now, once or often, in a row or at once, whatever its state. */
  async send(push: Push, { times = 1, parallel = false, tamper }: SendOrder = {}): Promise<Attempt[]> {
    if (!this.settings.callbackUrl) throw new LeverError(409, 'the account has no callbackUrl');
    const once = () => this.attempt(push, tamper);
    const attempts: Attempt[] = [];
    if (parallel) attempts.push(...(await Promise.all(Array.from({ length: times }, once))));
    else for (let done = 0; done < times; done += 1) attempts.push(await once());
    const last = attempts.at(-1);
    if (last && tamper === undefined) push.state = isGood(last) ? 'delivered' : 'lost';
    return attempts;
  }

  /** Resolves when no push is being sent at this moment. Tries planned for later are not waited for. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** For deeds of the virtual clock: like `settled`, but lets the clock go on when the receiver is slow. */
  settledSoon(): Promise<void> {
    return Promise.race([this.settled(), pause(CLOCK_WAITS_MS, undefined, { ref: false })]);
  }

  /** The GET with which the console checks an address. Null when the address answered well, else what was wrong. */
  async verifyAddress(url: string): Promise<string | null> {
    const timestamp = String(this.clock.seconds());
    const nonce = String(randomInt(100_000_000, 2_000_000_000));
    const echostr = String(randomInt(1_000_000_000, 200_000_000_000));
    const address = new URL(url);
    const signature = signSorted(this.settings.token, timestamp, nonce);
    for (const [name, value] of Object.entries({ signature, timestamp, nonce, echostr })) {
      address.searchParams.set(name, value);
    }
    try {
      const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await answer.text();
      if (answer.status !== 200) return `HTTP ${answer.status}`;
      return text === echostr ? null : `the answer is not the echostr: ${JSON.stringify(text.slice(0, 80))}`;
    } catch (error) {
      return describe(error);
    }
  }

  private firstState(): PushState {
    if (!this.settings.callbackUrl) return 'no-address';
    if (this.settings.pushes === 'held') return 'held';
    return this.markedFailUntil === null ? 'sending' : 'dropped';
  }

  private track(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work.catch(() => undefined).finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  private async tryOnce(push: Push, number: number): Promise<void> {
    const startedAt = this.clock.now();
    const attempt = await this.attempt(push);
    if (isGood(attempt)) {
      push.state = 'delivered';
      this.lostInARow = 0;
      return;
    }
    if (this.ended.aborted) return;
    if (number === TRIES) return this.lose(push);
    // Each try has its five seconds; one that failed sooner is repeated when they are over.
    this.clock.at(startedAt + PATIENCE_MS, () => {
      this.track(this.tryOnce(push, number + 1));
      return this.settledSoon();
    });
  }

  private lose(push: Push): void {
    push.state = 'lost';
    this.lostInARow += 1;
    if (this.lostInARow < this.settings.markFailAfter) return;
    this.lostInARow = 0;
    this.markedUntil = this.clock.now() + MARK_FAIL_MS;
  }

  private async attempt(push: Push, tamper?: Tampering): Promise<Attempt> {
    const body = tamper ? writeBody(this.sender, this.settings, push.content, tamper) : this.bodyOf(push);
    const address = new URL(this.settings.callbackUrl ?? '');
    const openid = String(push.content.FromUserName ?? '');
    const signed = { sealed: body.sealed, openid, seconds: this.clock.seconds() };
    for (const [name, value] of signQuery(this.settings, signed, tamper)) address.searchParams.set(name, value);

    const at = this.clock.now();
    const started = performance.now();
    const outcome = await this.post(address, body);
    const attempt: Attempt = {
      at,
      ms: Math.round(performance.now() - started),
      ...(tamper ? { tamper } : {}),
      ...outcome,
    };
    push.attempts.push(attempt);
    if (attempt.reply && !tamper) this.onReply(push, attempt.reply);
    return attempt;
  }

  private bodyOf(push: Push): PushBody {
    const body = this.bodies.get(push) ?? writeBody(this.sender, this.settings, push.content);
    this.bodies.set(push, body);
    return body;
  }

  private async post(
    address: URL,
    body: PushBody,
  ): Promise<Pick<Attempt, 'verdict' | 'status' | 'body' | 'reason' | 'reply'>> {
    const patience = new AbortController();
    // The virtual clock ends the wait when it is moved; real time does when it is frozen or busy.
    const timer = this.clock.at(this.clock.now() + PATIENCE_MS, () => patience.abort());
    const limit = AbortSignal.any([patience.signal, this.ended, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': body.contentType, 'User-Agent': 'Mozilla/4.0' },
        body: body.text,
        redirect: 'manual',
        signal: limit,
      });
      const text = await answer.text();
      return { status: answer.status, body: text, ...judgeReply(this.sender, this.settings, answer.status, text) };
    } catch (error) {
      return { verdict: limit.aborted ? 'timeout' : 'unreachable', reason: describe(error) };
    } finally {
      this.clock.cancel(timer);
    }
  }
}

const addressed = ({ appid, originalId }: PushSender, createTime: number, content: PushContent): PushContent =>
  originalId === null
    ? { AppId: appid, CreateTime: createTime, ...content }
    : { ToUserName: originalId, FromUserName: '', CreateTime: createTime, ...content };

export interface SendOrder {
  times?: number;
  parallel?: boolean;
  tamper?: Tampering;
}

const isGood = ({ verdict }: Attempt): boolean => verdict === 'acknowledged' || verdict === 'replied';

function describe(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message?: string };
  return cause?.code ?? message ?? String(error);
}

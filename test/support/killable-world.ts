import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { In, IsNull, LessThan, Not } from 'typeorm';
import { environmentFor, introduce } from '../../scripts/kit.mjs';
import { type RunningSimulator, startSimulator } from '../../simulator/src/simulator.ts';
import { Job } from '../../entities/job.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { sharedKit } from '../simulator/support.ts';
import { type BrakedDatabase, brakedDatabase } from './database-brake.ts';
import { type Gate, openGate } from './gate.ts';
import { type Lever, leverOf } from './lever.ts';
import { Phone } from './phone.ts';
import { type Ended, runServer, type ServerProcess } from './server-process.ts';
import { until } from './until.ts';
import { withRedis } from './world.ts';

/** Jobs that one server does at a time. */
const HANDS = 8;
const CLOCK_SHIFT = path.join(import.meta.dirname, 'clock-shift.mjs');
/** Much longer than the server takes from a request to its transaction, much shorter than any limit. */
const STILL_MS = 250;

/** Every start has it done once. */
const COMPARISON = { kind: 'templates.sync' };

/** A server that takes up jobs only when something new is to be done: nothing but what the test asks for touches the database. */
export const QUIET = { JOB_POLL_MS: '600000' };

/** What a message looks like in the person's chat. */
export interface ChatMessage {
  msgid: string;
  title: string;
  clientMsgId?: string;
}

/**
 * A server that can be killed at any step and started again, in front of a WeChat and on a database that live on. It is
 * steered from outside only: by holding back commits, answers of WeChat and the reading of its log.
 */
export class KillableWorld {
  /** Calls whose first line fits leave the server and arrive nowhere. */
  deafTo: RegExp | null = null;
  /** The first lines of those calls. */
  readonly unheard: string[] = [];
  /** First lines of what customers and WeChat asked the server, as it was sent on to it. */
  readonly asked: string[] = [];
  /** The server is killed with the first byte that it answers to a request whose first line fits; the answer is lost with it. */
  killAtAnswerTo: RegExp | null = null;
  private running: ServerProcess | null = null;
  /** How far the clocks of WeChat and of the servers stand ahead of the machine's. */
  private shiftMs = 0;
  private isIntroduced = false;
  private setUp: string | null = null;

  private constructor(
    readonly simulator: RunningSimulator,
    readonly store: BrakedDatabase,
    private readonly gates: { front: Gate; wechat: Gate },
  ) {}

  static async start(): Promise<KillableWorld> {
    const simulator = await startSimulator({ port: 0, backupPort: 0, kit: await sharedKit() });
    const world: KillableWorld = new KillableWorld(simulator, await brakedDatabase(), {
      front: await openGate(() => world.running?.port ?? null, {
        request: (bytes, connection) => world.noteRequest(bytes, connection),
        answer: (_bytes, connection) => world.mayAnswer(connection),
      }),
      wechat: await openGate(() => Number(new URL(simulator.origin).port), {
        request: (bytes) => world.isHeard(firstLineOf(bytes)),
      }),
    });
    // WeChat stops pushing for a while to a server that fails again and again; this one does nothing but.
    for (const app of ['official-account', 'mini-program'])
      await world.lever(`/${app}/settings`, { markFailAfter: 1_000_000 });
    return world;
  }

  private answeredBefore = 0;
  private readonly lastAsked = new WeakMap<object, string>();

  private noteRequest(bytes: Buffer, connection: object): boolean {
    const line = firstLineOf(bytes);
    if (!line.endsWith(' HTTP/1.1')) return true;
    this.asked.push(line);
    this.lastAsked.set(connection, line);
    return true;
  }

  private mayAnswer(connection: object): boolean {
    if (!this.killAtAnswerTo?.test(this.lastAsked.get(connection) ?? '')) return true;
    this.running?.signal('SIGKILL');
    return false;
  }

  private isHeard(firstLine: string): boolean {
    if (!this.deafTo?.test(firstLine)) return true;
    this.unheard.push(firstLine);
    return false;
  }

  /** Where customers and WeChat reach the server, whichever process it is. */
  get origin(): string {
    return `http://127.0.0.1:${this.gates.front.port}`;
  }

  get lever(): Lever {
    return leverOf(this.simulator.origin);
  }

  get database() {
    return this.store.database;
  }

  get server(): ServerProcess {
    if (!this.running) throw new Error('no server runs');
    return this.running;
  }

  /** Whatever a server needs to be told to run here. */
  get environment(): Record<string, string> {
    const wechat = `http://127.0.0.1:${this.gates.wechat.port}`;
    return {
      PUBLIC_ORIGIN: this.origin,
      SECRET_KEY: '5a'.repeat(32),
      RATE_LIMIT_PER_MINUTE: '100000',
      JOB_POLL_MS: '50',
      JOB_LEASE_SECONDS: '2',
      CHASE_AFTER_SECONDS: '600',
      ...this.store.settings,
      ...withRedis(),
      ...environmentFor({ ...this.simulator, kit: this.simulator.world.kit }),
      WECHAT_PAY_ORIGIN: wechat,
      WECHAT_API_ORIGIN: wechat,
      ...(this.shiftMs > 0 ? { NODE_OPTIONS: `--import=${CLOCK_SHIFT}`, CLOCK_SHIFT_MS: String(this.shiftMs) } : {}),
    };
  }

  now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }

  /** Lets time pass while no server runs. */
  async letPass(ms: number): Promise<void> {
    if (this.running) await this.kill();
    this.shiftMs += ms;
    await this.lever('/clock', { advanceMs: ms });
  }

  /** Starts the server, or a new one after the old one was killed; leases of the dead end soon. */
  async run(environment: Record<string, string> = {}): Promise<void> {
    // What a killed server left undone of it would be taken up at any moment.
    await this.database.transaction((db) => db.delete(Job, COMPARISON));
    const server = await runServer({ ...this.environment, ...environment });
    this.running = server;
    this.setUp = JSON.stringify(environment);
    await server.ready();
    if (!this.isIntroduced) await introduce(this.simulator.origin, this.origin);
    this.isIntroduced = true;
  }

  /** Kills the server with SIGKILL; whatever was held back from it is let go afterwards. */
  async kill(): Promise<void> {
    const { server } = this;
    this.running = null;
    await server.kill();
    this.store.brake.release();
    this.deafTo = null;
    this.unheard.length = 0;
    this.killAtAnswerTo = null;
  }

  /** Waits for the server to end by itself; how it did. */
  async end(): Promise<Ended> {
    const ended = await this.server.end;
    this.running = null;
    return ended;
  }

  /** Killed already, or not: afterwards a fresh server runs. */
  async runAgain(environment?: Record<string, string>): Promise<void> {
    if (this.running) await this.kill();
    await this.run(environment);
  }

  /** Afterwards a server with this environment runs, be it a fresh one or the one before. */
  async serve(environment: Record<string, string> = {}): Promise<void> {
    if (!this.running || this.setUp !== JSON.stringify(environment)) await this.runAgain(environment);
    if (environment.WORKER_IN_SERVER === 'false') return;
    await until('the templates are compared', async () => !(await this.database.reader.existsBy(Job, COMPARISON)));
  }

  /** From now on the server commits nothing. */
  holdCommits(): void {
    this.asked.length = 0;
    this.answeredBefore = this.simulator.world.calls.all().length;
    this.store.brake.pull();
  }

  /** Whether WeChat has answered such a call, by method and path, since commits are held. */
  hasAnswered(call: RegExp): boolean {
    const since = this.simulator.world.calls.all().slice(this.answeredBefore);
    return since.some(({ method, path: address }) => call.test(`${method} ${address}`));
  }

  /**
   * Waits until the server stands inside a transaction on this table, which it cannot commit.
   * @param led what leads there: a request to the server, or an answer of WeChat, by method and path
   *
   * On SQLite the server stands at the beginning of the transaction: what leads there has reached it, it has gone on since,
   * and nothing else is to be written (see {@link QUIET}).
   */
  async untilItStandsIn(table: string, led: { request: RegExp } | { answerTo: RegExp }): Promise<void> {
    await until('the server has what leads there', () =>
      'request' in led ? this.asked.some((line) => led.request.test(line)) : this.hasAnswered(led.answerTo),
    );
    const { brake } = this.store;
    if (brake.standing()) return until(`${table} stands`, () => brake.standing()!.includes(table));
    for (let looks = 1; looks <= 2; looks += 1) {
      await (await fetch(`${this.server.origin}/healthz`)).body?.cancel();
      await pause(STILL_MS);
    }
  }

  /** Gives the server so much to do that waits for WeChat that it takes up no other job; until it is killed. */
  async keepWorkersBusy(): Promise<void> {
    this.deafTo = /^GET \/cgi-bin\/user\/info/;
    for (let number = 1; number <= HANDS; number += 1) {
      const { personId } = await this.person();
      await this.lever(`/people/${personId}/follow`, {});
    }
    await until('every hand is busy', () => this.unheard.length === HANDS);
  }

  /** A person who follows the service account and is signed in to the mini-program; known to us as both. */
  async follower(): Promise<Phone> {
    const phone = await this.person();
    const { openids } = await this.lever<{ openids: Record<string, string> }>(`/people/${phone.personId}/follow`, {});
    const openid = openids[this.simulator.world.kit.officialAccount.appid]!;
    await until('the follower is known', () =>
      this.database.reader.existsBy(WechatIdentity, { openid, follow: 'following', unionid: Not(IsNull()) }),
    );
    await phone.signInMiniProgram();
    return phone;
  }

  async person(): Promise<Phone> {
    const { id } = await this.lever<{ id: string }>('/people', { nickname: '测试客户', follows: false });
    return new Phone({
      origin: this.origin,
      simulatorOrigin: this.simulator.origin,
      personId: id,
      lever: this.lever,
    });
  }

  /** What the person finds in the chats. */
  chat(phone: Phone): Promise<ChatMessage[]> {
    return this.lever<ChatMessage[]>(`/messages?person=${phone.personId}`);
  }

  /** Waits until the server has nothing left to do at once, or soon because it failed a moment ago. */
  async untilNothingIsLeft(): Promise<void> {
    const left = () =>
      this.database.reader.findBy(Job, {
        state: In(['waiting', 'running']),
        runAt: LessThan(new Date(this.now().getTime() + 30_000)),
      });
    await until('the jobs are done', async () => (await left()).length === 0).catch(async (error: Error) => {
      error.message += `: ${(await left()).map(({ kind, lastFault }) => `${kind} (${lastFault})`).join(', ')}`;
      throw error;
    });
  }

  async stop(): Promise<void> {
    if (this.running) await this.kill();
    await this.gates.front.close();
    await this.gates.wechat.close();
    await this.simulator.stop();
    await this.store.drop();
  }
}

const firstLineOf = (bytes: Buffer): string => bytes.toString('latin1', 0, 200).split('\r\n')[0]!;

import { setTimeout as pause } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import type { Page, StaffRole, StaffSessionView } from '../../src/contracts/index.ts';
import { createVault } from '../../src/platform/crypto.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { AppError } from '../../src/platform/errors.ts';
import { audited, type Deed } from '../../src/platform/work.ts';
import { beginEnrolment, createMember, finishEnrolment } from '../../src/staff/index.ts';
import type { Answer } from './phone.ts';
import type { TestWorld } from './world.ts';

/** Of every server that tests start in a process of its own. */
const TEST_SECRET_KEY = '5a'.repeat(32);
const STEP_MS = 30_000;
const ON_THE_WAY_MS = 2000;
export const PASSWORD = 'seven horses over 9 hills';

/** The code that an authenticator app shows. */
export const codeAt = (secret: string, at: Date): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

/** A member of staff at a desk, or a machine with a key, over real HTTP. */
export class StaffClient {
  constructor(
    readonly origin: string,
    readonly username: string,
    /** Of the authenticator app. */
    readonly secret: string,
    public token: string | null = null,
  ) {}

  /** The same member's machine. */
  withToken(token: string | null): StaffClient {
    return new StaffClient(this.origin, this.username, this.secret, token);
  }

  async call<T = { data?: unknown; error?: { code: string; detail?: unknown } }>(
    method: string,
    address: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const answer = await fetch(`${this.origin}${address}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as T, headers: answer.headers };
  }

  /** The code of a refusal, or the status of what was not refused. */
  async codeOf(method: string, address: string, body?: unknown): Promise<string | number> {
    const answer = await this.call(method, address, body);
    return answer.body?.error?.code ?? answer.status;
  }

  /** The answer's `data`; anything but 2xx fails the test with what the server said. */
  async data<T>(method: string, address: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, address, body);
    if (answer.status < 200 || answer.status > 299) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body?.data as T;
  }

  /** Every row of a list, read page by page. */
  async pages<Row>(address: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Answer<Page<Row>> = await this.call('GET', after ? `${address}&after=${after}` : address);
      rows.push(...page.body.data);
      after = page.body.next;
    }
    return rows;
  }

  async signIn(at: Date, password = PASSWORD): Promise<StaffSessionView> {
    const code = codeAt(this.secret, at);
    const session = await this.data<StaffSessionView>('POST', '/staff/sessions', {
      username: this.username,
      password,
      code,
    });
    this.token = session.token;
    return session;
  }

  /** With the code of now; when that went out of date on the way because the machine stood still, with the next one, as a person does. */
  async signInNow(now: () => Date): Promise<void> {
    await this.signIn(now()).catch(async (error: Error) => {
      if (!error.message.includes('staff.sign_in_refused')) throw error;
      await pause(STEP_MS - (now().getTime() % STEP_MS));
      await this.signIn(now());
    });
  }
}

let made = 0;

/** Where staff are enrolled: somebody with a shell on the machine does it. */
export interface Office {
  origin: string;
  now(): Date;
  deed<T>(deed: (work: Deed) => Promise<T>): Promise<T>;
}

/** The office of a server in another process: somebody with a shell on its machine works on its database. */
export function officeOf(origin: string, database: Pick<Database, 'transaction'>, now: () => Date): Office {
  const vault = createVault(TEST_SECRET_KEY);
  const context = { actor: { kind: 'operator' }, vault, now } as const;
  return {
    origin,
    now,
    deed: (deed) => database.transaction((db) => audited(db, context, ({ audit }) => deed({ db, now, vault, audit }))),
  };
}

/**
 * The code of now is left for the sign-in: none counts twice. The one before it can go out of date on the way when the machine is
 * busy; then the next one is typed, as a person does.
 */
async function finishWithCodeBefore(secret: string, now: () => Date, finish: (code: string) => Promise<unknown>) {
  const leftMs = STEP_MS - (now().getTime() % STEP_MS);
  if (leftMs < ON_THE_WAY_MS) await pause(leftMs);
  const code = () => codeAt(secret, new Date(now().getTime() - STEP_MS));
  await finish(code()).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'staff.code_refused') throw error;
    return finish(code());
  });
}

/** A member of staff who was invited, enrolled and signed in. */
export async function enrolStaff(
  { origin, now, deed }: Office,
  roles: StaffRole[],
  wanted: { username?: string; name?: string; teamId?: string } = {},
): Promise<StaffClient> {
  made += 1;
  const { username = `member${made}`, name = `员工${made}`, teamId = null } = wanted;
  const { invitation } = await deed((work) => createMember(work, { username, name, roles, teamId }));
  const { secret } = await deed((work) => beginEnrolment(work, invitation, 'Tongban'));
  await finishWithCodeBefore(secret, now, (code) =>
    deed((work) => finishEnrolment(work, { invitation, password: PASSWORD, code })),
  );
  const client = new StaffClient(origin, username, secret);
  await client.signInNow(now);
  return client;
}

export const buildStaff = (
  { world, origin, clock }: TestWorld,
  roles: StaffRole[],
  wanted?: Parameters<typeof enrolStaff>[2],
): Promise<StaffClient> => {
  const desk = world.desk.as({ kind: 'operator' });
  return enrolStaff({ origin, now: () => clock.now(), deed: (deed) => desk.transaction(deed) }, roles, wanted);
};

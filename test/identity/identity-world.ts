import type { EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { NewPerson, Person } from '../../simulator/src/people.ts';
import type { RunningSimulator } from '../../simulator/src/simulator.ts';
import type { Desk } from '../../src/platform/work.ts';
import { startWorld } from '../support/world.ts';
import { Browser } from './browser.ts';

/** The test world, seen by those who sign in. */
export interface IdentityWorld {
  origin: string;
  wechat: RunningSimulator;
  desk: Desk;
  /** Everything that was logged. */
  logged: string[];
  /** A person with WeChat whom nobody has seen before. */
  person(about?: Partial<NewPerson>): Person;
  /** A code of `wx.login`. */
  loginCode(person: Person): string;
  phoneCode(person: Person): string;
  /** A browser; inside WeChat when somebody holds the phone. */
  browser(holder?: Person): Browser;
  /** POST /app/sessions/mini-program */
  signInPhone(person: Person, device?: string): Promise<Answer>;
  /** A call with a mini-program's token. */
  call(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
  rows<Row extends ObjectLiteral>(entity: EntityTarget<Row>, where?: FindOptionsWhere<Row>): Promise<Row[]>;
  advance(ms: number): Promise<void>;
  /** Everything that the job engine has to do by now; how many jobs that was. */
  doJobs(): Promise<number>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers
  body: any;
}

export async function startIdentityWorld(environment: Record<string, string> = {}): Promise<IdentityWorld> {
  const { world, simulator: wechat, origin, logged, advance, stop } = await startWorld({ environment });
  const { miniProgram } = wechat.world;
  const loginCode = ({ id }: Person) => miniProgram.loginCodes.issue({ personId: id });

  const call = async (token: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(origin + path, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  let people = 0;
  return {
    origin,
    wechat,
    desk: world.desk,
    logged,
    person: (about = {}) => wechat.world.people.add({ id: `p${(people += 1)}`, nickname: `客户${people}`, ...about }),
    loginCode,
    phoneCode: ({ id }) => miniProgram.phoneCodes.issue({ personId: id, appid: miniProgram.appid }),
    browser: (holder) => new Browser(origin, holder),
    signInPhone: (person, device) =>
      call('', 'POST', '/app/sessions/mini-program', { code: loginCode(person), ...(device ? { device } : {}) }),
    call,
    rows: (entity, where = {}) => world.database.reader.findBy(entity, where),
    advance,
    doJobs: () => world.jobs.drain(),
    stop,
  };
}

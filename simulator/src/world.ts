import { CallLog } from './calls.ts';
import { Clock } from './clock.ts';
import type { Door } from './door.ts';
import { Faults } from './faults.ts';
import type { Kit } from './kit.ts';
import { MiniProgram } from './mini-program/state.ts';
import { keepReplies } from './official-account/passive-replies.ts';
import { OpenPlatform } from './open-platform/state.ts';
import { OfficialAccount } from './official-account/state.ts';
import { PayState } from './pay/state.ts';
import { People } from './people.ts';
import { PlatformState } from './platform/state.ts';
import { WebState } from './web/state.ts';

/** Where the simulator can be reached; known once it listens. */
export interface Addresses {
  origin: string;
  /** WeChat Pay's first domain: `origin`, or a port of its own. */
  payOrigin: string;
  backupOrigin: string;
}

export interface Settings {
  /** Real milliseconds that every WeChat call takes at least. */
  latencyMs: number;
}

/** The part of the world that a reset makes anew. Each half of WeChat adds its own state here. */
interface Remembered {
  people: People;
  faults: Faults;
  calls: CallLog;
  settings: Settings;
  /** Aborted when this state is given up: what is still being sent then ends at once. */
  ended: AbortController;
  pay: PayState;
  /** Tokens, quotas and messages of both accounts. */
  platform: PlatformState;
  officialAccount: OfficialAccount;
  miniProgram: MiniProgram;
  openPlatform: OpenPlatform;
  /** Web authorisation of the official account. */
  web: WebState;
}

/** The whole simulated WeChat. There is no other state: two worlds in one process do not meet. */
export interface World extends Remembered {
  readonly clock: Clock;
  readonly kit: Kit;
  readonly addresses: Addresses;
  /** The ports that can be shut, once the simulator listens. */
  readonly doors: { pay: Door | null; backup: Door | null };
  /** Forgets all that happened: people, orders, faults, settings, plans. Keys and addresses stay. */
  reset(): Promise<void>;
}

export interface WorldOptions {
  kit: Kit;
  /** First instant of the virtual clock in Unix milliseconds; absent: real time. */
  now?: number;
  latencyMs?: number;
}

export function createWorld({ kit, now, latencyMs = 0 }: WorldOptions): World {
  const clock = new Clock(now);
  const instant = () => clock.now();
  const remember = (): Remembered => {
    const ended = new AbortController();
    const surroundings = { clock, ended: ended.signal };
    const remembered = {
      people: new People([kit.officialAccount.appid, kit.miniProgram.appid]),
      faults: new Faults(),
      calls: new CallLog(),
      settings: { latencyMs },
      ended,
      pay: new PayState(kit),
      platform: new PlatformState(instant),
      officialAccount: new OfficialAccount(kit.officialAccount, surroundings),
      miniProgram: new MiniProgram(kit.miniProgram, surroundings),
      openPlatform: new OpenPlatform(kit.openPlatform, surroundings),
      web: new WebState(instant),
    };
    keepReplies(remembered);
    return remembered;
  };
  const world: World = {
    clock,
    kit,
    addresses: { origin: '', payOrigin: '', backupOrigin: '' },
    doors: { pay: null, backup: null },
    ...remember(),
    async reset() {
      world.ended.abort();
      clock.reset();
      Object.assign(world, remember());
      await moveDoors(world);
    },
  };
  return world;
}

/** Shuts the ports of the Pay domains that are said to be down, and opens the others. */
export async function moveDoors({ doors, pay }: World): Promise<void> {
  await Promise.all([doors.pay?.set(!pay.settings.primaryDown), doors.backup?.set(!pay.settings.backupDown)]);
}

import type { RequestListener } from 'node:http';
import { Door } from './door.ts';
import { createApp } from './http.ts';
import { createKit, keptKit, type Kit } from './kit.ts';
import { createWorld, type World } from './world.ts';

export { createKit, keptKit, type Kit } from './kit.ts';
export type { World } from './world.ts';

export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0, the default: any free port. */
  port?: number;
  /** A port of its own for WeChat Pay's first domain, so that it can be down while all else is up; absent: `port`. */
  payPort?: number;
  /** Port of WeChat Pay's second domain; 0, the default: any free port. */
  backupPort?: number;
  /** A ready kit; without it the one of `folder`, else a fresh one (a few tenths of a second). */
  kit?: Kit;
  /** Where the kit is kept between starts. */
  folder?: string;
  /** First instant of the virtual clock in Unix milliseconds; absent: real time. */
  now?: number;
  /** Real milliseconds that every WeChat call takes at least. */
  latencyMs?: number;
}

export interface RunningSimulator {
  origin: string;
  /** The first domain of WeChat Pay; the same as `origin` without a `payPort`. */
  payOrigin: string;
  /** The second domain of WeChat Pay. */
  backupOrigin: string;
  world: World;
  stop(): Promise<void>;
}

/** Starts a stand-in WeChat on loopback. Nothing of it survives `stop` but the kit of a folder. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { host = '127.0.0.1', port = 0, payPort, backupPort = 0, now, latencyMs } = options;
  const kit = options.kit ?? (options.folder ? await keptKit(options.folder) : await createKit());
  const world = createWorld({
    kit,
    ...(now === undefined ? {} : { now }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  });
  const handle = createApp(world).callback();
  const answer: RequestListener = (request, response) => void handle(request, response);
  const main = new Door(answer, host, port);
  const backup = new Door(answer, host, backupPort);
  const pay = payPort === undefined ? null : new Door(answer, host, payPort);
  const doors = pay ? [main, pay, backup] : [main, backup];
  await openAll(doors);

  Object.assign(world.doors, { pay, backup });
  const { origin } = main;
  Object.assign(world.addresses, { origin, payOrigin: pay?.origin ?? origin, backupOrigin: backup.origin });
  return {
    ...world.addresses,
    world,
    async stop() {
      world.ended.abort();
      world.clock.reset();
      await Promise.all(doors.map((door) => door.set(false)));
    },
  };
}

/** All or none. */
async function openAll(doors: Door[]): Promise<void> {
  try {
    for (const door of doors) await door.set(true);
  } catch (error) {
    await Promise.all(doors.map((door) => door.set(false)));
    throw error;
  }
}

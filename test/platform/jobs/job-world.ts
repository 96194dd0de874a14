import { environmentFor } from '../../../scripts/kit.mjs';
import { loadConfig } from '../../../config/index.ts';
import { Job } from '../../../entities/job.ts';
import { createJobEngine, enqueue, type JobEngine, type Reactions } from '../../../src/platform/jobs/index.ts';
import { createLog } from '../../../src/platform/log.ts';
import { createMetrics } from '../../../src/platform/metrics.ts';
import type { Desk } from '../../../src/platform/work.ts';
import { createWorld, type World } from '../../../src/world.ts';
import { sharedKit } from '../../simulator/support.ts';
import { freshDatabase } from '../../support/database.ts';
import { withRedis } from '../../support/world.ts';

/** What is done for every job of these tests, by what it carries. */
export type Deed = (what: string, desk: Desk) => Promise<void>;

export interface JobWorld {
  desk: Desk;
  world: World;
  logged: string[];
  /** A worker; with `ofItsOwn` as another process is one, with connections of its own. */
  worker(deed: Deed, options?: { ofItsOwn?: boolean }): Promise<JobEngine>;
  give(what: string, options?: { runAt?: Date; key?: string }): Promise<void>;
  jobs(): Promise<Job[]>;
  /** Only our clock moves. */
  advance(ms: number): void;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** A real database and desk; WeChat is never asked. */
export async function startJobWorld(variables: Record<string, string> = {}): Promise<JobWorld> {
  const fresh = await freshDatabase();
  const nowhere = 'http://127.0.0.1:9';
  const config = loadConfig({
    ...environmentFor({ kit: await sharedKit(), origin: nowhere, backupOrigin: nowhere }),
    ...fresh.settings,
    ...withRedis(),
    NODE_ENV: 'test',
    SECRET_KEY: '5a'.repeat(32),
    DATABASE_POOL: '8',
    ...variables,
  });
  let offsetMs = 0;
  const clock = { now: () => new Date(Date.now() + offsetMs) };
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const worlds: World[] = [];
  const engines: JobEngine[] = [];
  const open = async () => {
    const world = await createWorld(config, { clock, log });
    worlds.push(world);
    return world;
  };
  const world = await open();

  return {
    desk: world.desk,
    world,
    logged,
    async worker(deed, { ofItsOwn = false } = {}) {
      const { desk } = ofItsOwn ? await open() : world;
      const reactions = {
        'payment.settled': (at: Desk, { paymentId }: { paymentId: string }) => deed(paymentId, at),
      } as Partial<Reactions> as Reactions;
      const engine = createJobEngine(desk, reactions, createMetrics());
      engines.push(engine);
      return engine;
    },
    give: (what, options) =>
      world.desk.transaction((work) => enqueue(work, 'payment.settled', { paymentId: what }, options)),
    jobs: () => world.desk.db.find(Job, { order: { id: 'ASC' } }),
    advance: (ms) => void (offsetMs += ms),
    async clear() {
      await Promise.all(engines.splice(0).map((engine) => engine.stop()));
      await world.desk.transaction(async (work) => void (await work.db.deleteAll(Job)));
      logged.length = 0;
    },
    async stop() {
      await Promise.all(engines.map((engine) => engine.stop()));
      await Promise.all(worlds.map((each) => each.close()));
      await fresh.drop();
    },
  };
}

/** A door that somebody opens later. */
export function newGate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

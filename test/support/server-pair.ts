import path from 'node:path';
import { environmentFor, introduce } from '../../scripts/kit.mjs';
import { type RunningSimulator, startSimulator } from '../../simulator/src/simulator.ts';
import { type Database, openDatabase } from '../../src/platform/database/index.ts';
import { sharedKit } from '../simulator/support.ts';
import { freshSchema } from './database.ts';
import { type Gate, openGate } from './gate.ts';
import { type Lever, leverOf } from './lever.ts';
import { Phone } from './phone.ts';
import { runServer, runWorker, type ServerProcess } from './server-process.ts';

/** Two servers on one MariaDB behind one address that sends every connection to the other one in turn. */
export interface ServerPair {
  simulator: RunningSimulator;
  servers: readonly [ServerProcess, ServerProcess];
  workers: readonly ServerProcess[];
  database: Database;
  origin: string;
  lever: Lever;
  /** A new person, who reaches us by the common address. */
  person(): Promise<Phone>;
  stop(): Promise<void>;
}

export interface PairOptions {
  /** How far the clocks of WeChat and of all processes stand ahead of the machine's. */
  shiftMs: number;
  /** Worker processes beside them; the servers then do no jobs themselves. */
  workers?: number;
  environment?: Record<string, string>;
}

export async function startPair({ shiftMs, workers = 0, environment: more = {} }: PairOptions): Promise<ServerPair> {
  const schema = await freshSchema(process.env.TEST_MYSQL_URL!);
  const simulator = await startSimulator({ port: 0, backupPort: 0, kit: await sharedKit(), now: Date.now() + shiftMs });
  let turn = 0;
  const servers: ServerProcess[] = [];
  const gate: Gate = await openGate(() => servers[(turn += 1) % servers.length]?.port ?? null);
  const origin = `http://127.0.0.1:${gate.port}`;
  const environment = {
    PUBLIC_ORIGIN: origin,
    SECRET_KEY: '5a'.repeat(32),
    RATE_LIMIT_PER_MINUTE: '100000',
    JOB_POLL_MS: '50',
    JOB_LEASE_SECONDS: '2',
    DATABASE_URL: schema.url,
    ...environmentFor({ ...simulator, kit: simulator.world.kit }),
    NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'clock-shift.mjs')}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    ...(workers > 0 ? { WORKER_IN_SERVER: 'false' } : {}),
    ...more,
  };
  servers.push(await runServer(environment), await runServer(environment));
  await Promise.all(servers.map((server) => server.ready()));
  const hired = Array.from({ length: workers }, () => runWorker(environment));
  await introduce(simulator.origin, origin);
  const database = await openDatabase({ url: schema.url, file: '', pool: 4 });
  const lever = leverOf(simulator.origin);
  return {
    simulator,
    servers: servers as [ServerProcess, ServerProcess],
    workers: hired,
    database,
    origin,
    lever,
    async person() {
      const { id } = await lever<{ id: string }>('/people', { nickname: '测试客户', follows: false });
      return new Phone({ origin, simulatorOrigin: simulator.origin, personId: id, lever });
    },
    async stop() {
      await Promise.all([...servers, ...hired].map((each) => each.kill()));
      await gate.close();
      await database.close();
      await simulator.stop();
      await schema.drop();
    },
  };
}

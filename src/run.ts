import process from 'node:process';
import { ConfigError } from '../config/index.ts';

/** Begins a process of ours and says in one sentence why it cannot. `begin` gives back how it is ended by a signal. */
export async function run(begin: () => Promise<() => Promise<void>>): Promise<void> {
  try {
    const stop = await begin();
    // A terminal tells the whole group and whoever started us tells us once more: there is one end, and all wait for it.
    let end: Promise<void> | undefined;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => void (end ??= stop()).then(() => process.exit(0), fail));
    }
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  const isSaid =
    error instanceof ConfigError ||
    (error instanceof Error && /in use|configured wrongly|服务项目/.test(error.message));
  process.stderr.write(
    `${isSaid ? (error as Error).message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

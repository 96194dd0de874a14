import { startSimulator } from './simulator.ts';

const { SIMULATOR_HOST, SIMULATOR_PORT, SIMULATOR_PAY_PORT, SIMULATOR_BACKUP_PORT, SIMULATOR_FOLDER } = process.env;

try {
  const simulator = await startSimulator({
    host: SIMULATOR_HOST ?? '127.0.0.1',
    port: readPort('SIMULATOR_PORT', SIMULATOR_PORT, 8701),
    ...(SIMULATOR_PAY_PORT ? { payPort: readPort('SIMULATOR_PAY_PORT', SIMULATOR_PAY_PORT, 0) } : {}),
    backupPort: readPort('SIMULATOR_BACKUP_PORT', SIMULATOR_BACKUP_PORT, 8702),
    ...(SIMULATOR_FOLDER ? { folder: SIMULATOR_FOLDER } : {}),
  });
  process.stdout.write(`simulator: listening on ${simulator.origin}, second Pay domain ${simulator.backupOrigin}\n`);
  const stop = () => void simulator.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`simulator: ${explain(error)}\n`);
  process.exitCode = 1;
}

function readPort(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} must be a port number, not "${text}"`);
  return port;
}

function explain(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  return code === 'EADDRINUSE' ? `port ${port} is in use` : message;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { Phone } from './phone.ts';
import { leverOf } from './lever.ts';
import { freePort } from './server-process.ts';

/** `npm start` as a person runs it in a terminal of their own, on ports and a folder of the test's. */
export class NpmStart {
  /** All that it has printed. */
  printed = '';
  readonly origin: string;
  readonly simulatorOrigin: string;
  /** Its exit code (null: by a signal, as npm ends after Ctrl-C), once it and all that it started have let go of the terminal. */
  readonly end: Promise<number | null>;
  /** Where everything is; another terminal that names the same means the same installation. */
  readonly environment: Record<string, string>;
  private readonly npm: ChildProcess;

  private constructor(
    readonly port: number,
    simulatorPort: number,
    backupPort: number,
    folder: string,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
    this.simulatorOrigin = `http://127.0.0.1:${simulatorPort}`;
    this.environment = {
      PORT: String(port),
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_BACKUP_PORT: String(backupPort),
      DATA_FOLDER: folder,
    };
    this.npm = spawn('npm', ['start'], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const keep = (chunk: Buffer) => void (this.printed += chunk.toString('utf8'));
    this.npm.stdout!.on('data', keep);
    this.npm.stderr!.on('data', keep);
    this.end = once(this.npm, 'close').then(([code]) => code as number | null);
  }

  static async begin(folder: string, port?: number): Promise<NpmStart> {
    return new NpmStart(port ?? (await freePort()), await freePort(), await freePort(), folder);
  }

  get pid(): number {
    return this.npm.pid!;
  }

  /** Resolves when the three addresses are there. @throws {Error} with what it printed, when it ends instead */
  async ready(): Promise<this> {
    const isSaid = new Promise<void>((resolve) => {
      this.npm.stdout!.on('data', () => this.printed.includes('/docs') && resolve());
    });
    await Promise.race([isSaid, this.end.then(() => Promise.reject(new Error(this.printed)))]);
    return this;
  }

  /** Somebody of the stand-in WeChat, with the phone in hand. */
  phone(personId: string): Phone {
    const { origin, simulatorOrigin } = this;
    return new Phone({ origin, simulatorOrigin, personId, lever: leverOf(simulatorOrigin) });
  }

  /** As a terminal's Ctrl-C does, to the whole group: npm alone does not hand it on to what its shell started. */
  interrupt(): void {
    try {
      process.kill(-this.pid, 'SIGINT');
    } catch {
      // Nothing of it runs any more.
    }
  }

  /** To npm alone, as whoever supervises it does. */
  terminate(): void {
    this.npm.kill('SIGTERM');
  }
}

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One port. Shut, it refuses connections as a machine does that is down; opened again, it has the same number. */
export class Door {
  private readonly answer: RequestListener;
  private readonly host: string;
  private server: Server | null = null;
  /** 0 until the first opening has found a free one. */
  port: number;
  private moves: Promise<void> = Promise.resolve();

  constructor(answer: RequestListener, host: string, port: number) {
    this.answer = answer;
    this.host = host;
    this.port = port;
  }

  get origin(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /** Opens or shuts; each move waits for the one before. */
  set(isOpen: boolean): Promise<void> {
    const move = this.moves.then(() => (isOpen ? this.open() : this.shut()));
    this.moves = move.catch(() => undefined);
    return move;
  }

  private async open(): Promise<void> {
    if (this.server) return;
    const server = createServer(this.answer);
    // WeChat Pay closes an idle connection after 8 s.
    server.keepAliveTimeout = 8000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private async shut(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

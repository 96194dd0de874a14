import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Looks at bytes on their way; false keeps them from going on, until `pass` is called or for ever. */
export type Look = (bytes: Buffer, connection: object, pass: () => void) => boolean;

export interface Watch {
  request?: Look;
  answer?: Look;
}

export interface Gate {
  port: number;
  close(): Promise<void>;
}

/** A gate that every byte between two programs passes: one may be killed and started anew behind it, and any byte held back. */
export async function openGate(targetPort: () => number | null, watch: Watch = {}): Promise<Gate> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const port = targetPort();
    if (port === null) return void near.resetAndDestroy();
    const far = connect(port, '127.0.0.1');
    const connection = {};
    for (const [from, to, look] of [
      [near, far, watch.request],
      [far, near, watch.answer],
    ] as const) {
      sockets.add(from.setNoDelay(true));
      from.on('data', (bytes: Buffer) => {
        const pass = () => void (to.writable && to.write(bytes));
        if (look?.(bytes, connection, pass) ?? true) pass();
      });
      from.on('end', () => to.end());
      // A side that was killed takes the other with it.
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

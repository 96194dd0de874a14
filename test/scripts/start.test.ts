import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { NpmStart } from '../support/npm-start.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

let folder: string;
const begun: NpmStart[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tongban-start-'));
});
afterEach(async () => {
  for (const start of begun.splice(0)) {
    start.interrupt();
    await start.end;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function begin(port?: number): Promise<NpmStart> {
  const start = await NpmStart.begin(folder, port);
  begun.push(start);
  return start;
}

const answers = async (origin: string): Promise<boolean> => {
  const answer = await fetch(`${origin}/healthz`).catch(() => null);
  await answer?.body?.cancel();
  return answer !== null;
};

describe('npm start', () => {
  it('prints three addresses that work, and after Ctrl-C and another start everything is still there', async () => {
    const first = await (await begin()).ready();
    const addresses = [...first.printed.matchAll(/http:\S+/g)].map(([address]) => address);
    expect(addresses).toEqual([
      `${first.origin}/`,
      `${first.simulatorOrigin}/phone/?open=${encodeURIComponent(`${first.origin}/`)}`,
      `${first.origin}/docs`,
    ]);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);

    const phone = first.phone('lin');
    await phone.signInMiniProgram();
    const order = await phone.order();
    first.interrupt();
    await first.end;
    expect([await answers(first.origin), await answers(first.simulatorOrigin)]).toEqual([false, false]);

    const second = await (await begin()).ready();
    const again = second.phone('lin');
    await again.signInMiniProgram();
    expect((await again.orders()).data.map(({ number }) => number)).toEqual([order.number]);
    await again.startPayment(order.number);
  });

  it('says in one sentence that a port is in use, and starts nothing', async () => {
    const first = await (await begin()).ready();
    const second = await begin(first.port);
    expect(await second.end).toBe(1);
    expect(second.printed).toContain(`Port ${first.port} is in use; set PORT to another one.`);
    expect(second.printed).not.toMatch(/at .*\.m?js:\d+/);
    expect(await answers(second.simulatorOrigin)).toBe(false);
    expect(await answers(first.origin)).toBe(true);
  });

  it('leaves nothing behind when npm alone is told to end', async () => {
    const start = await (await begin()).ready();
    start.terminate();
    await start.end;
    await until('nothing answers any more', async () => !(await answers(start.origin)));
    expect(await answers(start.simulatorOrigin)).toBe(false);
  });
});

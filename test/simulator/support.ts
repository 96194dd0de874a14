import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptKit, startSimulator, type Kit, type SimulatorOptions } from '../../simulator/src/simulator.ts';

/** One kit for every test of this user on this machine: RSA keys take longer to make than most tests run. */
export const sharedKit = (): Promise<Kit> =>
  keptKit(join(tmpdir(), `tongban-simulator-${process.getuid?.() ?? 'user'}`), 'kit.json');

/** A simulator with the shared kit on free ports. */
export const startTestSimulator = async (options: SimulatorOptions = {}) =>
  startSimulator({ kit: await sharedKit(), ...options });

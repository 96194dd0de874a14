// One comparison of one day, in a process of its own, so that its memory can be measured. Arguments: day. Prints one JSON object.
import 'reflect-metadata';
import process from 'node:process';
import { loadConfig } from '../../dist/config/index.js';
import { matchDay } from '../../dist/src/reconciliation/index.js';
import { createWorld } from '../../dist/src/world.js';
import { readFileSync } from 'node:fs';

const world = await createWorld(loadConfig(process.env));
const startedAt = performance.now();
await matchDay(world.desk, { day: process.argv[2] });
const seconds = (performance.now() - startedAt) / 1000;
const rssMb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
process.stdout.write(`${JSON.stringify({ seconds, rssMb })}\n`);
await world.close();

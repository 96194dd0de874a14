/**
 * A campaign to 100,000 people on MariaDB with a flush at every commit, the stand-in WeChat answering in 40 ms, against a floor
 * measured in the same run: the same calls at the same concurrency, nothing stored. `npm run bench -- campaign`. Last line: one JSON object.
 */
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { environmentFor, introduce } from '../../scripts/kit.mjs';
import { startMariadb } from '../../scripts/mariadb.mjs';
import { createKit, type RunningSimulator, startSimulator } from '../../simulator/src/simulator.ts';
import type { CampaignProgressView, CampaignView } from '../../src/contracts/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { buildPeople, type Somebody } from '../support/people.ts';
import { runServer } from '../support/server-process.ts';
import { enrolStaff, officeOf, type StaffClient } from '../support/staff.ts';
import { memoryMb } from './support/measures.ts';

const PEOPLE = Number(process.env.BENCH_PEOPLE || 100_000);
const EARLY = PEOPLE / 10;
const IN_FLIGHT = 256;
const FLOOR_CALLS = Math.min(20_000, PEOPLE);
const ANSWER_MS = 40;
const SECRET_KEY = '5a'.repeat(32);
const SEND = '/cgi-bin/message/template/send';

const say = (line: string) => process.stdout.write(`${line}\n`);
const secondsSince = (startedAt: number) => (performance.now() - startedAt) / 1000;

async function main(): Promise<void> {
  const maria = await startMariadb({ durable: true });
  const simulator = await startSimulator({ port: 0, backupPort: 0, kit: await createKit() });
  const database = await openDatabase({ url: maria.url, file: '', pool: 4 });
  const ends: (() => unknown)[] = [() => database.close(), () => simulator.stop(), () => maria.stop()];
  try {
    await database.migrate();
    const now = () => new Date();
    let startedAt = performance.now();
    const people = await buildPeople({ simulator, database, now }, PEOPLE);
    say(`${PEOPLE} people in ${secondsSince(startedAt).toFixed(1)} s`);
    const server = await runServer({
      DATABASE_URL: maria.url,
      SECRET_KEY,
      LOG_LEVEL: 'warn',
      QUIET_HOURS: 'none',
      SENDS_PER_SECOND: '20000',
      CAMPAIGN_IN_FLIGHT: String(IN_FLIGHT / 2),
      CAMPAIGN_LANES: '2',
      OFFICIAL_ACCOUNT_DAY_LIMIT: '10000000',
      ...environmentFor({ ...simulator, kit: simulator.world.kit }),
    });
    ends.unshift(() => server.kill());
    await server.ready();
    await introduce(simulator.origin, server.origin);
    // What happens to a message later is not what is measured.
    simulator.world.officialAccount.settings.finishEvents = 'drop';
    const { appid } = simulator.world.kit.officialAccount;
    simulator.world.platform.quotas.adjust(appid, SEND, { daily: 10_000_000 });
    simulator.world.faults.add({ path: SEND, kind: 'delay', ms: ANSWER_MS, times: null });

    const office = officeOf(server.origin, database, now);
    const drafter = await enrolStaff(office, ['supervisor']);
    const second = await enrolStaff(office, ['supervisor']);
    const { id } = await drafter.data<CampaignView>('POST', '/staff/campaigns', {
      name: '十万人',
      message: 'materials-wanted',
      event: '电销卡审核需补交材料',
      facts: { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' },
      audience: { kind: 'query', query: { services: ['sim-review'] } },
    });
    startedAt = performance.now();
    await drafter.data('POST', `/staff/campaigns/${id}/rehearsal`);
    const rehearsalSeconds = secondsSince(startedAt);
    say(`rehearsal ${rehearsalSeconds.toFixed(2)} s`);

    const before = await floor(simulator, people);
    const run = await send(drafter, second, id, server.pid);
    const after = await floor(simulator, people);
    const floorPerSecond = (before + after) / 2;
    const { counts } = await drafter.data<CampaignProgressView>('GET', `/staff/campaigns/${id}/progress`);
    if (counts.accepted !== PEOPLE) throw new Error(`not everybody was written to: ${JSON.stringify(counts)}`);
    say(
      `floor ${Math.round(before)}/s and ${Math.round(after)}/s, Tongban ${Math.round(run.perSecond)}/s; prepared in ${run.prepareSeconds.toFixed(1)} s`,
    );
    say(
      `memory at ${EARLY}: ${Math.round(run.earlyMb)} MB, at ${PEOPLE}: ${Math.round(run.lateMb)} MB, peak ${Math.round(run.peakMb)} MB`,
    );
    say(
      JSON.stringify({
        ratio: Number((run.perSecond / floorPerSecond).toFixed(2)),
        perSecond: Math.round(run.perSecond),
        floorPerSecond: Math.round(floorPerSecond),
        rssMb: Math.round(run.peakMb),
        rehearsalSeconds: Number(rehearsalSeconds.toFixed(2)),
      }),
    );
  } finally {
    for (const end of ends) await end();
  }
}

/** Released and watched to its end. */
async function send(drafter: StaffClient, second: StaffClient, id: string, pid: number) {
  const releasedAt = performance.now();
  await second.data('POST', `/staff/campaigns/${id}/release`);
  let began = 0;
  let earlyMb = 0;
  let prepareSeconds = 0;
  for (;;) {
    const { state, settled } = await drafter.data<CampaignProgressView>('GET', `/staff/campaigns/${id}/progress`);
    if (began === 0 && state !== 'preparing') {
      began = performance.now();
      prepareSeconds = (began - releasedAt) / 1000;
    }
    if (earlyMb === 0 && settled >= EARLY) earlyMb = memoryMb(pid, 'VmRSS');
    if (settled >= PEOPLE) break;
    if (state !== 'preparing' && state !== 'running' && state !== 'done') throw new Error(`the campaign is ${state}`);
    await pause(state === 'preparing' ? 50 : 500);
  }
  const perSecond = PEOPLE / secondsSince(began);
  return { perSecond, prepareSeconds, earlyMb, lateMb: memoryMb(pid, 'VmRSS'), peakMb: memoryMb(pid, 'VmHWM') };
}

/** Calls a second of the bare loop, in a process of its own as ours is. */
async function floor({ origin, world: { kit } }: RunningSimulator, people: readonly Somebody[]): Promise<number> {
  const { appid, secret, templates } = kit.officialAccount;
  const answer = await fetch(`${origin}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credential', appid, secret }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const child = spawn(process.execPath, ['test/bench/campaign-floor.mjs'], {
    env: {
      ...process.env,
      FLOOR_ORIGIN: origin,
      FLOOR_TOKEN: token,
      FLOOR_TEMPLATE: templates.find(({ title }) => title === '材料提交提醒')!.templateId,
      FLOOR_IN_FLIGHT: String(IN_FLIGHT),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(
    people
      .slice(0, FLOOR_CALLS)
      .map(({ accountOpenid }) => accountOpenid)
      .join('\n'),
  );
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  await once(child, 'close');
  return Number(said);
}

await main();

import { jest } from '@jest/globals';
import { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { CampaignView } from '../../src/contracts/index.ts';
import { buildPeople, receivedIn } from '../support/people.ts';
import { type ServerPair, startPair } from '../support/server-pair.ts';
import { enrolStaff, officeOf } from '../support/staff.ts';
import { until } from '../support/until.ts';
import { withRedis } from '../support/world.ts';

jest.setTimeout(300_000);

const PEOPLE = 700;
const PER_SECOND = 100;
const DAY_LIMIT = 500;
const SEND = '/cgi-bin/message/template/send';

let pair: ServerPair;
beforeAll(async () => {
  pair = await startPair({
    shiftMs: 0,
    workers: 3,
    environment: {
      ...withRedis(),
      QUIET_HOURS: 'none',
      SENDS_PER_SECOND: String(PER_SECOND),
      OFFICIAL_ACCOUNT_DAY_LIMIT: String(DAY_LIMIT),
      // More than one worker does at a time.
      CAMPAIGN_LANES: '20',
      CAMPAIGN_SECOND_PERSON_ABOVE: '1000',
      JOB_LEASE_SECONDS: '10',
    },
  });
}, 60_000);
afterAll(() => pair.stop());

const now = () => new Date();

const isLost = (line: string) => line.includes('wechat call failed') && line.includes(SEND);
const sends = () => pair.simulator.world.calls.all(SEND);

it('Two servers and three workers share one token an app, the rate and the day’s quota', async () => {
  await buildPeople({ simulator: pair.simulator, database: pair.database, now }, PEOPLE);
  const staff = await enrolStaff(officeOf(pair.origin, pair.database, now), ['supervisor']);
  const { id } = await staff.data<CampaignView>('POST', '/staff/campaigns', {
    name: '材料催收',
    message: 'materials-wanted',
    event: '电销卡审核需补交材料',
    facts: { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' },
    audience: { kind: 'query', query: { services: ['sim-review'] } },
  });
  await staff.data('POST', `/staff/campaigns/${id}/rehearsal`);
  await staff.data('POST', `/staff/campaigns/${id}/release`);
  const campaign = () => pair.database.reader.findOneByOrFail(Campaign, { id });
  await until('the quota is used up', async () => (await campaign()).state === 'sleeping', 60_000);
  expect(await campaign()).toMatchObject({ stateReason: 'day_budget' });

  const underWay = { campaignId: id, state: 'sending' as const };
  const isOver = async () => !(await pair.database.reader.existsBy(MessageDelivery, underWay));
  // An answer that was lost on a busy machine is asked for again when its lease ends.
  await until('what was under way is written down', isOver, 150_000);
  // In sum, whoever sent them; where a busy machine lost an answer, WeChat was asked once more.
  const lost = pair.workers.flatMap(({ logged }) => logged.filter((line) => isLost(line)));
  expect(sends().length).toBeGreaterThanOrEqual(DAY_LIMIT);
  expect(sends().length).toBeLessThanOrEqual(DAY_LIMIT + lost.length);
  const received = receivedIn(pair.simulator);
  expect(received.size).toBe(DAY_LIMIT);
  expect([...received.values()].every((count) => count === 1)).toBe(true);
  expect(await pair.database.reader.countBy(MessageDelivery, { campaignId: id, state: 'waiting' })).toBe(
    PEOPLE - DAY_LIMIT,
  );
  // The burst of one second, and then so many a second; what was let go may be a moment on its way. Two workers of whom neither
  // knew of the other would take less than half of it.
  const times = sends().map(({ at }) => at);
  const tookMs = Math.max(...times) - Math.min(...times);
  expect(tookMs).toBeGreaterThan((DAY_LIMIT / PER_SECOND - 1) * 1000 * 0.7);
  expect(pair.simulator.world.calls.all('/cgi-bin/stable_token')).toHaveLength(2);
  const busy = pair.workers.filter(({ logged }) => logged.some((line) => line.includes(SEND)));
  expect(busy.length).toBeGreaterThan(1);
  for (const { logged } of pair.servers) expect(logged.some((line) => line.includes(SEND))).toBe(false);
});

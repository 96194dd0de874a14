import { environmentFor } from '../../scripts/kit.mjs';
import { takeTurn } from '../../src/platform/jobs/index.ts';
import { FinanceWorld } from '../reconciliation/finance-world.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { check, failuresOf, resultsOf, siteOf } from './site.ts';

let world: TestWorld;
afterEach(() => world.stop());

/** Rows of every table but those that count requests. */
async function rowsOf({ world: { database } }: TestWorld): Promise<Record<string, number>> {
  const { reader } = database;
  const counts: Record<string, number> = {};
  for (const { name, tableName } of reader.connection.entityMetadatas) counts[tableName] = await reader.count(name);
  return counts;
}

const callsOf = ({ lever }: TestWorld) => lever<{ method: string; path: string; status: number }[]>('/calls');

describe('The self-check of an installation', () => {
  it('finds nothing wrong with a day of sales, refunds and bills, changes no row, and only asks WeChat', async () => {
    const finance = await FinanceWorld.start();
    world = finance.test;
    const sale = await finance.sell();
    await finance.sell();
    await finance.refund(sale, 100);
    await finance.nextMorning();
    await takeTurn(world.world.desk, 'ledger.sum_up', world.clock.now());
    const rows = await rowsOf(world);
    const calls = (await callsOf(world)).length;

    const report = await check(siteOf(world));
    expect(failuresOf(report)).toEqual([]);
    expect(resultsOf(report)).toMatchObject({
      'notice.signature': 'passed',
      'notice.seal': 'passed',
      'notice.in-time': 'passed',
      'answers.verified': 'passed',
      'close.query-first': 'passed',
      'refund.same-number': 'passed',
      'payments.booked-once': 'passed',
      'ledger.balanced': 'passed',
      'refund.one-number': 'passed',
      'refund.within-payment': 'passed',
      'bills.after-ten': 'passed',
      'bills.intact': 'passed',
      'clockwork.alive': 'passed',
      'config.production': 'not_applicable',
      'secrets.not-default': 'not_applicable',
      'notify-url.public': 'not_applicable',
    });
    expect(report).toMatchObject({ mode: 'simulated', madeBy: '财务 测试', merchant: '190****109' });

    expect(await rowsOf(world)).toEqual(rows);
    const asked = (await callsOf(world)).slice(calls);
    expect(asked.length).toBeGreaterThan(4);
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('shows no secret, no number of the merchant, and nothing of a person', async () => {
    world = await startWorld();
    const phone = await world.person({ nickname: '某人', phone: '13800000009' });
    await phone.signInMiniProgram();
    await phone.pay(await phone.startPayment((await phone.order()).number));
    const said = JSON.stringify(await check(siteOf(world)));
    const { kit } = world.simulator.world;
    const { WECHAT_PAY_MERCHANT_KEY: key, ...rest } = environmentFor({ kit, origin: '', backupOrigin: '' });
    for (const secret of [
      world.config.SECRET_KEY,
      kit.apiV3Key,
      kit.mchid,
      rest.MINI_PROGRAM_SECRET,
      '13800000009',
      '某人',
    ])
      expect(said).not.toContain(secret);
    expect(said).not.toContain(key!.split('\n')[1]);
  });

  const noPublicKey = { WECHAT_PAY_PUBLIC_KEY: '', WECHAT_PAY_PUBLIC_KEY_ID: '' };
  const certificates = { WECHAT_PAY_USE_CERTIFICATES: 'true' };

  it.each([
    ['the public key', 'public-key', {}, /^微信支付公钥（尾号 \d{4}）；微信此刻以公钥签名$/],
    [
      'certificates',
      'certificate',
      { ...certificates, ...noPublicKey },
      /^平台证书（自动更新）；微信此刻以平台证书签名$/,
    ],
    ['both', 'switching', certificates, /^微信支付公钥（尾号 \d{4}） 与 平台证书（自动更新），切换中/],
  ] as const)('says that answers are verified by %s', async (_, keyMode, environment, words) => {
    world = await startWorld({ environment, paySettings: { keyMode } });
    const report = await check(siteOf(world));
    expect(failuresOf(report)).toEqual([]);
    expect(report.findings.find(({ id }) => id === 'keys.mode')!.evidence).toMatch(words);
    expect(report.findings.find(({ id }) => id === 'answers.verified')).toMatchObject({
      result: 'passed',
      evidence: '查询当日投诉：应答验签通过；以陌生公钥核验同一应答：拒绝',
    });
  });

  it('cannot tell what needs WeChat while WeChat is away, and says that it is away', async () => {
    world = await startWorld({ hasOwnPayPort: true, paySettings: { primaryDown: true, backupDown: true } });
    await world.lever('/pay/settings', { primaryDown: true, backupDown: true });
    expect(resultsOf(await check(siteOf(world)))).toMatchObject({
      'wechat.reachable': 'failed',
      'wechat.backup-domain': 'failed',
      'clock.shift': 'cannot_tell',
      'answers.verified': 'cannot_tell',
      'query.unknown-number': 'cannot_tell',
      'notice.signature': 'passed',
      'ledger.balanced': 'not_applicable',
    });
  });
});

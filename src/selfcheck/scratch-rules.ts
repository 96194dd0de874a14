import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import { closeAtWechat } from '../payments/index.ts';
import { type Database, openDatabase } from '../platform/database/index.ts';
import { UpstreamError } from '../platform/errors.ts';
import { newId, newPaymentNumber, newRefundNumber } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import type { RefundOrder, WechatPay } from '../platform/wechat-pay/index.ts';
import { createDesk, type Desk } from '../platform/work.ts';
import { sendRefund } from '../refunds/index.ts';
import { judge, type Rule } from './rule.ts';
import type { Site } from './site.ts';

/** Nobody knows whether it happened: the hardest answer that WeChat can give. */
const noWord = () => new UpstreamError('wechat-pay', 'unknown', 'selfcheck', true);

/** What this build does, seen on an empty database of its own while somebody silent stands in WeChat's place: nothing reaches WeChat. */
export function scratchRules(site: Site): Rule[] {
  return [
    {
      id: 'close.query-first',
      zh: '在微信侧关单之前先查询支付结果',
      en: 'WeChat is asked how an order stands before it is closed',
      source: '关单与查单：微信支付文档 4013070360、4013070354',
      async look() {
        const calls: string[] = [];
        await onScratch(site, async (database, deskWith) => {
          const payment = await saveAttempt(database, site);
          const desk = deskWith({
            findByOutTradeNo: async () => (calls.push('查询'), null),
            close: async () => (calls.push('关单'), Promise.reject(noWord())),
          });
          await withoutWord(closeAtWechat(desk, payment));
        });
        return judge([
          {
            says: `本版本程序在空白数据库上演练，调用次序：${calls.join(' → ') || '无'}`,
            isRight: calls[0] === '查询',
          },
          { says: calls.includes('关单') ? '然后关单' : '没有关单', isRight: calls.includes('关单') },
        ]);
      },
    },
    {
      id: 'refund.same-number',
      zh: '结果未知的退款以同一退款单号、同样内容重试',
      en: 'A refund of unknown outcome is sent again under the same number with the same content',
      source: '退款重试（结果未知时单号不变）：微信支付文档 4013080629',
      async look() {
        const sent: RefundOrder[] = [];
        await onScratch(site, async (database, deskWith) => {
          const refundId = await saveRefund(database, site);
          const desk = deskWith({ refund: async (order) => (sent.push(order), Promise.reject(noWord())) });
          await withoutWord(sendRefund(desk, { refundId }));
          await withoutWord(sendRefund(desk, { refundId }));
        });
        const numbers = new Set(sent.map(({ outRefundNo }) => outRefundNo));
        const contents = new Set(sent.map((order) => JSON.stringify(order)));
        return judge([
          { says: `本版本程序在空白数据库上演练，发送 ${sent.length} 次`, isRight: sent.length === 2 },
          { says: `退款单号 ${numbers.size} 个，内容 ${contents.size} 种`, isRight: contents.size === 1 },
        ]);
      },
    },
  ];
}

type DeskWith = (calls: Partial<WechatPay>) => Desk;

async function onScratch(
  { config, desk: { pay, officialAccount, miniProgram, vault, now } }: Site,
  rehearse: (database: Database, deskWith: DeskWith) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tongban-selfcheck-'));
  const database = await openDatabase({ file: path.join(folder, 'scratch.sqlite'), pool: 1 });
  const shared = {
    database,
    config,
    vault,
    now,
    log: createLog('silent'),
    officialAccount,
    miniProgram,
    openPlatform: null,
  };
  try {
    await database.migrate();
    await rehearse(database, (calls) =>
      createDesk({ ...shared, pay: { ...silenced(pay), ...calls }, wakeJobs: () => undefined }),
    );
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whatever is not expected to be called fails instead of reaching WeChat. */
const silenced = (pay: WechatPay): WechatPay =>
  Object.fromEntries(Object.keys(pay).map((name) => [name, () => Promise.reject(noWord())])) as never;

const withoutWord = (deed: Promise<unknown>): Promise<unknown> =>
  deed.catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
  });

async function saveAttempt(database: Database, { config, desk: { now } }: Site): Promise<Payment> {
  const payment = Object.assign(new Payment(), {
    id: newId(),
    number: newPaymentNumber(now()),
    orderId: newId(),
    instalmentId: newId(),
    way: 'native',
    appid: config.OFFICIAL_ACCOUNT_APPID,
    mchid: config.WECHAT_PAY_MCHID,
    description: '自检',
    amountFen: 1,
    state: 'open',
    expiresAt: now(),
    createdAt: now(),
  });
  await database.transaction((db) => db.insert(Payment, payment));
  return payment;
}

async function saveRefund(database: Database, { desk: { now } }: Site): Promise<string> {
  const refund = Object.assign(new Refund(), {
    id: newId(),
    number: newRefundNumber(now()),
    transactionId: '4200000000000000000000000000',
    totalFen: 1,
    amountFen: 1,
    governmentFen: 0,
    reason: '自检',
    createdAt: now(),
  });
  await database.transaction((db) => db.insert(Refund, refund));
  return refund.id;
}

import { createHash } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MoreThan } from 'typeorm';
import { Bill } from '../../entities/reconciliation.ts';
import { dayAfter, dayBefore, shanghaiDay, shanghaiTime, startOfDay } from '../platform/calendar.ts';
import { readKeptFile } from '../platform/files/keep-file.ts';
import { daysWithBills, findMissingDays } from '../reconciliation/index.ts';
import { judge, judgeNone, notApplicable, type Rule } from './rule.ts';
import type { Site } from './site.ts';

const MINUTE_MS = 60_000;
const READY = '10:15';
const READY_AT_MS = (10 * 60 + 15) * MINUTE_MS;
/** A bill that comes late is not missing yet. */
const PATIENCE_MS = 2 * 60 * MINUTE_MS;
/** Of so many days the files are read again. */
const READ_DAYS = 31;

export function billRules(site: Site): Rule[] {
  const { desk } = site;
  const { db, now } = desk;
  return [
    {
      id: 'bills.after-ten',
      zh: '账单在次日 10:15 以后获取',
      en: 'Bills are fetched from 10:15 of the next day on',
      source: '账单时间（次日十点后）：微信支付文档 4013071246、4013071249',
      async look() {
        const day = shanghaiDay(now());
        const ready = startOfDay(day).getTime() + READY_AT_MS;
        const early = daysWithBills(new Date(ready - 1)).last;
        const onTime = daysWithBills(new Date(ready)).last;
        const bills = await db.findBy(Bill, { source: 'wechat' });
        const tooEarly = bills.filter(
          ({ day: ofDay, keptAt }) => keptAt.getTime() < startOfDay(dayAfter(ofDay)).getTime() + READY_AT_MS,
        );
        const found = tooEarly.map((bill) => `${bill.day}（${shanghaiTime(bill.keptAt.toISOString())}）`);
        return judge([
          {
            says: `程序：${READY} 前可取至 ${early}，${READY} 起可取至 ${onTime}`,
            isRight: early < onTime && onTime < day,
          },
          {
            says: found.length === 0 ? `已取得的 ${bills.length} 份均是` : `过早取得：${found.slice(0, 3).join('、')}`,
            isRight: found.length === 0,
          },
        ]);
      },
    },
    {
      id: 'bills.complete',
      zh: '自首个有记录之日起，每日的交易账单、资金账单都已取得',
      en: 'Both bills of every day since the first known one are here',
      source: '账单（仅近三个月可取）：微信支付文档 4013071246、4013071249',
      async look() {
        const { last } = daysWithBills(new Date(now().getTime() - PATIENCE_MS));
        const missing = await findMissingDays(desk, last);
        if (missing === null) return notApplicable(`${dayBefore(shanghaiDay(now()))} 及以前没有记录`);
        return judgeNone(missing, `齐全，截至 ${last}`, '缺账单的日期');
      },
    },
    {
      id: 'bills.intact',
      zh: `近 ${READ_DAYS} 天账单原件与取得时的摘要（SHA-1）相符`,
      en: 'Kept bills still have the hash that they came with',
      source: '账单下载与摘要：微信支付文档 4012084430',
      async look() {
        const bills = await db.findBy(Bill, { day: MoreThan(dayAfter(shanghaiDay(now()), -READ_DAYS)) });
        if (bills.length === 0) return notApplicable('没有账单原件');
        const altered: string[] = [];
        for (const bill of bills) if ((await hashOf(site, bill)) !== bill.sha1) altered.push(bill.day);
        return judgeNone(altered, `${bills.length} 份均相符`, '摘要不符的账单');
      },
    },
  ];
}

/** Of the uncompressed content; null when it cannot be read any more. */
async function hashOf({ desk }: Site, { fileId }: Bill): Promise<string | null> {
  const hash = createHash('sha1');
  const into = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  try {
    await pipeline(Readable.from(readKeptFile(desk, fileId)), createGunzip(), into);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

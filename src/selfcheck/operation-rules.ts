import { isIP } from 'node:net';
import { LessThan } from 'typeorm';
import { faultsInProduction } from '../../config/index.ts';
import { Job } from '../../entities/job.ts';
import { ScheduleSlot } from '../../entities/schedule-slot.ts';
import { NOTICE_PATH } from '../payments/index.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import { readStart } from './read-metrics.ts';
import { cannotTell, failed, type Finding, judge, judgeNone, notApplicable, passed, type Rule } from './rule.ts';
import { modeOf, type Site } from './site.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Some timed work has a turn every ten minutes. */
const QUIET_MS = 15 * MINUTE_MS;
/** Variables whose faults are those of a default secret. */
const SECRET_FAULT = /secret/;

/** How the installation runs. */
export function operationRules(site: Site): Rule[] {
  const { config, database, desk, server, version } = site;
  const { db, now } = desk;
  return [
    {
      id: 'server.version',
      zh: '运行中的服务器与本程序版本相同',
      en: 'The running server is of this version',
      source: 'docs/selfcheck.md',
      async look() {
        const document = (await (await fetch(`${server}/openapi.json`)).json()) as { info?: { version?: string } };
        const running = document.info?.version ?? '未知';
        return judge([{ says: `服务器 ${running}，本程序 ${version}`, isRight: running === version }]);
      },
    },
    {
      id: 'schema.migrated',
      zh: '数据库表结构的迁移全部完成',
      en: 'All migrations are applied',
      source: 'README「正式使用」',
      look: async () => judgeNone(await database.pendingMigrations(), '没有待执行的迁移', '待执行的迁移'),
    },
    {
      id: 'clockwork.alive',
      zh: '定时任务（查单、取账单、退款跟进）在运行',
      en: 'Timed work runs: chasing payments, fetching bills, following refunds',
      source: '主动查单（通知不保证送达）：微信支付文档 4012075249、4012075420',
      look: () => isClockworkAlive(site),
    },
    {
      id: 'jobs.given-up',
      zh: '没有已放弃的后台任务',
      en: 'No job was given up',
      source: 'docs/decisions/0005',
      async look() {
        const dead = await db.find(Job, { select: { id: true, kind: true }, where: { state: 'dead' } });
        return judgeNone(
          dead.map(({ kind }) => kind),
          '没有',
          '已放弃的任务',
        );
      },
    },
    {
      id: 'jobs.late',
      zh: '没有拖延一天以上的后台任务',
      en: 'No job is a day late',
      source: 'docs/decisions/0005',
      async look() {
        const runAt = LessThan(new Date(now().getTime() - DAY_MS));
        const late = await db.find(Job, { select: { id: true, kind: true }, where: { state: 'waiting', runAt } });
        return judgeNone(
          late.map(({ kind }) => kind),
          '没有',
          '拖延的任务',
        );
      },
    },
    {
      id: 'config.production',
      zh: '连接真实微信支付时按正式环境运行',
      en: 'What speaks to WeChat itself runs as production',
      source: 'docs/configuration.md（NODE_ENV）',
      async look() {
        const mode = modeOf(site);
        if (mode === 'simulated') return notApplicable('模拟微信');
        const faults = faultsInProduction(config).filter((fault) => !SECRET_FAULT.test(fault));
        return judge([
          { says: `NODE_ENV=${config.NODE_ENV}`, isRight: mode === 'production' },
          { says: faults.length === 0 ? '其余设置合规' : namesOf(faults), isRight: faults.length === 0 },
        ]);
      },
    },
    {
      id: 'secrets.not-default',
      zh: '连接真实微信支付时不使用默认或模拟的密钥',
      en: 'No default or stand-in secret where WeChat itself is spoken to',
      source: 'docs/configuration.md（SECRET_KEY）',
      async look() {
        if (modeOf(site) === 'simulated') return notApplicable('模拟微信');
        const faults = faultsInProduction(config).filter((fault) => SECRET_FAULT.test(fault));
        return judgeNone(faults.map(nameOf), '没有', '默认或模拟的密钥');
      },
    },
    {
      id: 'notify-url.public',
      zh: '通知地址为 https、公网可达的域名、不带参数',
      en: 'The notice address is https, public and without a query',
      source: '通知地址：微信支付文档 4012075420',
      async look() {
        const address = `${config.PUBLIC_ORIGIN}${NOTICE_PATH}`;
        if (modeOf(site) === 'simulated') return notApplicable(`模拟微信，地址 ${address}`);
        const { protocol, hostname, search } = new URL(address);
        return judge([
          { says: address, isRight: protocol === 'https:' && search === '' },
          { says: isPublic(hostname) ? '公网主机名' : '不是公网主机名', isRight: isPublic(hostname) },
        ]);
      },
    },
  ];
}

async function isClockworkAlive(site: Site): Promise<Finding> {
  const { db, now } = site.desk;
  const [last] = await db.find(ScheduleSlot, { order: { takenAt: 'DESC' }, take: 1 });
  const since = now().getTime() - QUIET_MS;
  const said = last ? `最近一次 ${shanghaiTime(last.takenAt.toISOString())}（${last.name}）` : '尚无定时任务记录';
  if (last && last.takenAt.getTime() > since) return passed(said);
  const startedAt = await readStart(site);
  if (!startedAt || startedAt.getTime() > since) return cannotTell(`${said}；服务器启动不久，或其统计不可读`);
  return failed(said);
}

const nameOf = (fault: string): string => fault.slice(0, fault.indexOf(':'));
const namesOf = (faults: readonly string[]): string => `不合规的设置：${faults.map(nameOf).join('、')}`;

/** A name of the public internet; WeChat does not call addresses of private networks. */
function isPublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 4) return !/^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(host);
  if (isIP(host) === 6) return !/^(::|::1|f[cd].*|fe[89ab].*)$/i.test(host);
  return host.includes('.') && !/\.(local|localdomain|localhost|internal|lan|home|test|example|invalid)$/i.test(host);
}

import { In } from 'typeorm';
import { WechatNotice } from '../../entities/wechat-notice.ts';
import { NOTICE_PATH } from '../payments/index.ts';
import type { NoticeFault, NoticeOutcome } from '../platform/wechat-pay/index.ts';
import { type ForgedNotice, forge, forgeries, type Forgery } from './forgery.ts';
import { readNoticeTimes } from './read-metrics.ts';
import { type Fact, judge, judgeNone, type Rule } from './rule.ts';
import type { Site } from './site.ts';
import type { Stranger } from './stranger.ts';

/** WeChat counts a later answer as none (documentation 4012075420). */
const IN_TIME_MS = 5000;
/** Longer nobody is waited for. */
const GIVE_UP_MS = 15_000;

interface Reply {
  /** null: none came. */
  status: number | null;
  ms: number;
}

interface Probe {
  notice: ForgedNotice;
  reply: Reply;
  /** What this build makes of it when the stranger's key is the one it believes. */
  outcome: NoticeOutcome;
}

const RULES: readonly { id: string; zh: string; en: string; source: string; forgeries: readonly Forgery[] }[] = [
  {
    id: 'notice.signature',
    zh: '签名错误的支付通知被拒绝',
    en: 'Notices with a wrong signature are refused',
    source: '通知验签：微信支付文档 4013053249',
    forgeries: ['foreign_key', 'changed_body'],
  },
  {
    id: 'notice.unsigned',
    zh: '没有签名的支付通知被拒绝',
    en: 'Notices without a signature are refused',
    source: '通知验签：微信支付文档 4013053249',
    forgeries: ['unsigned'],
  },
  {
    id: 'notice.sign-probe',
    zh: '签名探测流量（WECHATPAY/SIGNTEST/）被拒绝',
    en: 'Signature probes are refused like any wrong signature',
    source: '签名探测流量：微信支付文档 4013059017',
    forgeries: ['sign_probe'],
  },
  {
    id: 'notice.stale',
    zh: '时间戳相差五分钟以上的支付通知被拒绝',
    en: 'Notices whose time is five minutes off are refused',
    source: '通知验签（时间戳）：微信支付文档 4013053249、4013053420',
    forgeries: ['stale'],
  },
  {
    id: 'notice.foreign-serial',
    zh: '序列号不认识的支付通知被拒绝',
    en: 'Notices of an unknown key are refused',
    source: '通知验签（密钥序列号）：微信支付文档 4013053249、4012154180',
    forgeries: ['foreign_serial'],
  },
  {
    id: 'notice.seal',
    zh: '密文认证标签（GCM tag）被改动的支付通知被拒绝',
    en: 'Notices whose GCM tag was changed are refused',
    source: '通知解密（AEAD_AES_256_GCM）：微信支付文档 4012071382',
    forgeries: ['broken_seal'],
  },
];

/** What it is, in the words of the report; what this build must say to it when it believes the stranger's key. */
const ABOUT: Record<Forgery, { zh: string; fault: NoticeFault | null }> = {
  foreign_key: { zh: '陌生密钥签名', fault: null },
  changed_body: { zh: '签名后改动内容', fault: 'bad-signature' },
  unsigned: { zh: '无签名', fault: 'missing-header' },
  sign_probe: { zh: '探测签名', fault: 'probe' },
  stale: { zh: '301 秒前的时间戳', fault: 'stale' },
  foreign_serial: { zh: '陌生序列号', fault: 'unknown-serial' },
  broken_seal: { zh: '认证标签翻转一位', fault: 'seal-broken' },
};

const FAULTS: Record<NoticeFault, string> = {
  'missing-header': '缺少签名头',
  stale: '时间相差过大',
  'unknown-serial': '密钥不认识',
  'wrong-type': '签名类型不符',
  probe: '签名探测',
  'bad-signature': '签名不符',
  'too-large': '过长',
  'seal-broken': '密文被改动',
  'unexpected-shape': '内容不可解',
};

/** What the running server says to notices that WeChat did not send, and what this build says to the same ones. */
export function noticeRules(site: Site, stranger: Stranger): Rule[] {
  let probing: Promise<Map<Forgery, Probe>> | undefined;
  const probe = () => (probing ??= probeAll(site, stranger));
  const refusals = RULES.map(({ forgeries: kinds, ...head }): Rule => {
    const look = async () => {
      const probes = await probe();
      return judge(kinds.flatMap((kind) => factsOf(kind, probes.get(kind)!)));
    };
    return { ...head, look };
  });
  return [...refusals, inTime(site, probe), leavesNothing(site, probe)];
}

async function probeAll(site: Site, { openProgram, serial, privateKey }: Stranger): Promise<Map<Forgery, Probe>> {
  const { config, desk, server } = site;
  const program = openProgram();
  const probes = new Map<Forgery, Probe>();
  for (const kind of forgeries) {
    const { WECHAT_PAY_API_V3_KEY: apiV3Key } = config;
    const notice = forge(kind, { serial, apiV3Key, privateKey, now: desk.now() });
    const reply = await post(`${server}${NOTICE_PATH}`, notice);
    probes.set(kind, { notice, reply, outcome: program.openNotice(notice.body, notice.headers) });
  }
  await program.stop();
  return probes;
}

async function post(address: string, { headers, body }: ForgedNotice): Promise<Reply> {
  const startedMs = performance.now();
  const status = await fetch(address, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'tongban-selfcheck' },
    body: new Uint8Array(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(GIVE_UP_MS),
  }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    },
    () => null,
  );
  return { status, ms: Math.round(performance.now() - startedMs) };
}

function factsOf(kind: Forgery, { reply: { status }, outcome }: Probe): Fact[] {
  const { zh, fault } = ABOUT[kind];
  const served = { says: `${zh}：服务器答 ${status ?? '无应答'}`, isRight: isRefusal(status) };
  const found = outcome.opened ? null : outcome.fault;
  const words = wordsOf(found) + (found === fault ? '' : `，应为${wordsOf(fault)}`);
  return [served, { says: `令本程序信任其密钥再核验：${words}`, isRight: found === fault }];
}

const wordsOf = (fault: NoticeFault | null): string => (fault ? `拒绝（${FAULTS[fault]}）` : '可打开');

/** 404 and 405: WeChat's notices would not arrive either. 429: somebody else refused it. */
const isRefusal = (status: number | null): boolean =>
  status !== null && status >= 400 && status < 500 && ![404, 405, 429].includes(status);

function inTime(site: Site, probe: () => Promise<Map<Forgery, Probe>>): Rule {
  return {
    id: 'notice.in-time',
    zh: '支付通知在 5 秒内得到应答',
    en: 'Notices are answered within 5 s',
    source: '通知应答：微信支付文档 4012075420',
    async look() {
      const replies = [...(await probe()).values()].map(({ reply }) => reply);
      const slowest = Math.max(...replies.map(({ ms }) => ms));
      const isAnswered = replies.every(({ status }) => status !== null);
      const probes: Fact = {
        says: `${replies.length} 次探测最慢 ${slowest} 毫秒${isAnswered ? '' : '，有的没有应答'}`,
        isRight: isAnswered && slowest < IN_TIME_MS,
      };
      const times = await readNoticeTimes(site);
      if (!times) return judge([probes, { says: '服务器的统计不可读，未计入真实通知', isRight: true }]);
      const { all, late } = times;
      return judge([probes, { says: `服务器启动以来 ${all} 次通知，超过 5 秒 ${late} 次`, isRight: late === 0 }]);
    },
  };
}

function leavesNothing({ desk }: Site, probe: () => Promise<Map<Forgery, Probe>>): Rule {
  return {
    id: 'notice.leaves-nothing',
    zh: '被拒绝的通知不留下任何记录',
    en: 'A refused notice leaves no record',
    source: '通知验签：微信支付文档 4013053249；docs/decisions/0016',
    async look() {
      const ids = [...(await probe()).values()].map(({ notice }) => notice.id);
      const kept = await desk.db.findBy(WechatNotice, { id: In(ids) });
      return judgeNone(
        kept.map(({ id }) => id),
        `${ids.length} 次探测的通知编号均不在通知记录中`,
        '探测被当作真实通知记录',
      );
    },
  };
}

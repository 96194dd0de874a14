import { X509Certificate } from 'node:crypto';
import { Payment } from '../../entities/payment.ts';
import { shanghaiDay } from '../platform/calendar.ts';
import { UpstreamError } from '../platform/errors.ts';
import { newPaymentNumber, newRefundNumber } from '../platform/ids.ts';
import type { WechatPay } from '../platform/wechat-pay/index.ts';
import { daysWithBills } from '../reconciliation/index.ts';
import { askWechatPlainly, type PlainAnswer } from './ask-wechat-plainly.ts';
import { cannotTell, failed, type Finding, judge, notApplicable, passed, type Rule } from './rule.ts';
import type { Site } from './site.ts';
import type { Stranger } from './stranger.ts';

/** WeChat refuses at 300 s; somebody shall look long before. */
const MOST_SHIFT_SECONDS = 60;
const DAY_MS = 24 * 3600_000;
const WARN_DAYS = 30;

/** What can be asked of WeChat Pay without changing anything there. `plain`: null when it cannot be reached. */
export function wechatRules(site: Site, stranger: Stranger, plain: PlainAnswer | null): Rule[] {
  const { config, desk } = site;
  return [
    {
      id: 'wechat.reachable',
      zh: '微信支付可以连接，未签名的请求被其拒绝',
      en: 'WeChat Pay can be reached, and refuses an unsigned call',
      source: '请求签名：微信支付文档 4012365342',
      look: async () => reached(config.WECHAT_PAY_ORIGIN, plain),
    },
    {
      id: 'wechat.backup-domain',
      zh: '微信支付的备用域名可以连接',
      en: 'WeChat Pay’s second domain can be reached',
      source: '跨城冗灾：微信支付文档 4012075113',
      async look() {
        const { WECHAT_PAY_ORIGIN, WECHAT_PAY_BACKUP_ORIGIN: backup } = config;
        if (backup === WECHAT_PAY_ORIGIN) return notApplicable('没有配置备用域名');
        return reached(backup, await askWechatPlainly(site, backup).catch(() => null));
      },
    },
    {
      id: 'clock.shift',
      zh: '本机时钟与微信支付相差不大',
      en: 'The clock agrees with WeChat Pay’s',
      source: '时钟（相差五分钟以上互相拒绝）：微信支付文档 4013053249、4013053420',
      async look() {
        if (!plain || plain.shiftSeconds === null) return cannotTell('微信支付没有告知时间');
        const seconds = Math.abs(plain.shiftSeconds);
        const says = `相差 ${seconds} 秒（${MOST_SHIFT_SECONDS} 秒以上须校时，300 秒以上互相拒绝）`;
        return judge([{ says, isRight: seconds < MOST_SHIFT_SECONDS }]);
      },
    },
    {
      id: 'keys.mode',
      zh: '验签方式已配置（微信支付公钥、平台证书，或切换中的两者）',
      en: 'A key mode is configured: public key, platform certificates, or both',
      source: '微信支付公钥与平台证书：微信支付文档 4012154180、4012551764',
      look: async () => modeOfKeys(site, plain),
    },
    {
      id: 'keys.merchant-certificate',
      zh: '商户 API 证书在有效期内，与私钥、序列号相符',
      en: 'The merchant certificate is valid and belongs to the key and the serial',
      source: '请求签名与商户证书：微信支付文档 4012365336',
      async look() {
        // That key, certificate and serial belong together is what the gateway was made with, or it would not be.
        const { validTo } = new X509Certificate(config.WECHAT_PAY_MERCHANT_CERTIFICATE);
        const days = Math.floor((Date.parse(validTo) - desk.now().getTime()) / DAY_MS);
        const says = `有效期至 ${shanghaiDay(new Date(validTo))}，还有 ${days} 天（少于 ${WARN_DAYS} 天须更换）`;
        return judge([{ says, isRight: days >= WARN_DAYS }]);
      },
    },
    {
      id: 'answers.verified',
      zh: '微信支付应答的签名得到核验，他人密钥签的不被采信',
      en: 'Answers are verified; one that another key signed is not believed',
      source: '应答验签：微信支付文档 4013053249',
      look: () => verified(site, stranger),
    },
    {
      id: 'query.unknown-number',
      zh: '查询不存在的单号得到“不存在”，不会被当作已支付或已退款',
      en: 'A number that does not exist is answered as such, for payments and refunds',
      source: '查询订单、查询退款：微信支付文档 4013070354',
      async look() {
        const now = desk.now();
        const payment = await desk.pay.findByOutTradeNo(newPaymentNumber(now));
        const refund = await desk.pay.findByOutRefundNo(newRefundNumber(now));
        return judge([
          { says: `支付单号：${payment ? payment.state : '不存在'}`, isRight: payment === null },
          { says: `退款单号：${refund ? refund.state : '不存在'}`, isRight: refund === null },
        ]);
      },
    },
  ];
}

function reached(origin: string, plain: PlainAnswer | null): Finding {
  if (!plain) return failed(`${origin} 没有应答`);
  const says = `${origin} 对未签名的请求答 ${plain.status}，${plain.ms} 毫秒`;
  return judge([{ says, isRight: plain.status >= 400 && plain.status < 500 }]);
}

function modeOfKeys({ config }: Site, plain: PlainAnswer | null): Finding {
  const { WECHAT_PAY_PUBLIC_KEY_ID: id, WECHAT_PAY_USE_CERTIFICATES: usesCertificates } = config;
  const heard = plain?.serial ? `；微信此刻以${plain.serial.startsWith('PUB_KEY_ID_') ? '公钥' : '平台证书'}签名` : '';
  const name = id ? `微信支付公钥（尾号 ${id.slice(-4)}）` : '';
  const words = [name, usesCertificates ? '平台证书（自动更新）' : ''].filter(Boolean).join(' 与 ');
  return words ? passed(`${words}${id && usesCertificates ? '，切换中' : ''}${heard}`) : failed('两种方式都没有配置');
}

/** A call that changes nothing, and what it is. */
type Asking = readonly [zh: string, ask: (pay: WechatPay) => Promise<unknown>];

async function verified(site: Site, { openProgram }: Stranger): Promise<Finding> {
  const asking = await findSigned(site);
  if (!asking) return cannotTell('没有取得带签名的应答：尚无已支付的订单，也无投诉、账单权限');
  if (asking === 'not_verified') return failed('微信支付的应答未通过签名核验：密钥与微信侧不一致');
  const [zh, ask] = asking;
  const believer = openProgram();
  const outcome = await ask(believer).then(
    () => 'believed',
    (error: unknown) => (error instanceof UpstreamError ? error.kind : 'broken'),
  );
  await believer.stop();
  const own = { says: `${zh}：应答验签通过`, isRight: true };
  if (outcome === 'bad_signature') return judge([own, { says: '以陌生公钥核验同一应答：拒绝', isRight: true }]);
  if (outcome === 'believed') return judge([own, { says: '以陌生公钥核验同一应答：竟被采信', isRight: false }]);
  return cannotTell(`${zh}：应答验签通过；以陌生公钥核验未能进行（${outcome}）`);
}

/** The first call that gets a signed answer: refusals are not verified. */
async function findSigned({ desk }: Site): Promise<Asking | 'not_verified' | null> {
  for (const asking of await askings(desk)) {
    try {
      if ((await asking[1](desk.pay)) !== null) return asking;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.kind === 'bad_signature') return 'not_verified';
      if (error.kind !== 'refused') throw error;
    }
  }
  return null;
}

async function askings({ db, now }: Site['desk']): Promise<Asking[]> {
  const [paid] = await db.find(Payment, {
    select: { id: true, number: true },
    where: { state: 'paid' },
    order: { id: 'DESC' },
    take: 1,
  });
  const today = shanghaiDay(now());
  const { last } = daysWithBills(now());
  return [
    ...(paid ? [['查询最近一笔支付', (pay) => pay.findByOutTradeNo(paid.number)] satisfies Asking] : []),
    ['查询当日投诉', (pay) => pay.listComplaints({ from: today, until: today, offset: 0 })],
    ['申请账单', async (pay) => ((await pay.applyForBill('trade', last)).is === 'ready' ? true : null)],
  ];
}

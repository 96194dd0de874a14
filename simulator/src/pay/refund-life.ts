import { PayError } from '../errors.ts';
import type { World } from '../world.ts';
import { bookClosedRefund } from './account.ts';
import { noteRefund } from './complaint-life.ts';
import { openFromMerchant } from './cryptography.ts';
import { checkField, type Field } from './fields.ts';
import { announceRefund } from './notice-sending.ts';
import { describeRefund, type Refund, type RefundStatus } from './refund.ts';

export type RefundEnd = Exclude<RefundStatus, 'PROCESSING'>;

/** WeChat Pay documentation 4013070374. */
export function queryRefund({ pay }: World, outRefundNo: string): Record<string, unknown> {
  const refund = pay.refunds.get(outRefundNo);
  if (!refund) throw refundNotExist();
  return describeRefund(refund);
}

/** It ends by itself after a while, as the settings say; `held`: when a lever says so. */
export function planEnd(world: World, refund: Refund): void {
  const { refundOutcome, refundDelayMs } = world.pay.settings;
  if (refundOutcome === 'held') return;
  refund.ending = world.clock.at(world.clock.now() + refundDelayMs, () => endRefund(world, refund, refundOutcome));
}

export function endRefund(world: World, refund: Refund, status: RefundEnd, notify = true): void {
  if (refund.ending) world.clock.cancel(refund.ending);
  refund.ending = null;
  refund.status = status;
  refund.endedAt = world.clock.now();
  if (status === 'CLOSED') bookClosedRefund(world, refund);
  if (status === 'SUCCESS') noteRefund(world, refund, 'received');
  if (notify && refund.notifyUrl) announceRefund(world, refund);
}

/** To debit cards of these alone (documentation «发起异常退款», 2025.01.16). */
const DEBIT_BANKS: Partial<Record<string, string>> = {
  CMB_DEBIT: '招商银行',
  COMM_DEBIT: '交通银行',
  ABC_DEBIT: '农业银行',
  CCB_DEBIT: '建设银行',
  ICBC_DEBIT: '工商银行',
  BOC_DEBIT: '中国银行',
  PAB_DEBIT: '平安银行',
  SPDB_DEBIT: '浦发银行',
  CITIC_DEBIT: '中信银行',
  CEB_DEBIT: '光大银行',
  CMBC_DEBIT: '民生银行',
  CIB_DEBIT: '兴业银行',
  GDB_DEBIT: '广发银行',
  PSBC_DEBIT: '邮储银行',
  NBCB_DEBIT: '宁波银行',
};

const ABNORMAL_SHAPE: Field = {
  is: 'group',
  fields: {
    out_refund_no: { is: 'text', max: 64, must: true },
    type: { is: 'text', max: 32, must: true, oneOf: ['USER_BANK_CARD', 'MERCHANT_BANK_CARD'] },
    bank_type: { is: 'text', max: 16 },
    bank_account: { is: 'text', max: 1024 },
    real_name: { is: 'text', max: 1024 },
  },
};

/** Another way for money that could not go back where it came from (documentation «发起异常退款», 2023.08.16). */
export function applyAbnormalRefund(
  world: World,
  refundId: string,
  serial: string,
  body: unknown,
): Record<string, unknown> {
  checkField(ABNORMAL_SHAPE, body, '');
  const asked = body as {
    out_refund_no: string;
    type: string;
    bank_type?: string;
    bank_account?: string;
    real_name?: string;
  };
  const refund = world.pay.refunds.get(asked.out_refund_no);
  if (!refund || refund.refundId !== refundId) throw refundNotExist();
  if (refund.status !== 'ABNORMAL')
    throw new PayError(400, 'INVALID_REQUEST', '退款单状态非退款异常，不支持发起异常退款');
  refund.reroutedTo = asked.type === 'USER_BANK_CARD' ? openCard(world, serial, asked) : '商户结算银行账户';
  refund.status = 'PROCESSING';
  refund.endedAt = null;
  refund.ending = world.clock.at(world.clock.now() + world.pay.settings.refundDelayMs, () =>
    endRefund(world, refund, 'SUCCESS'),
  );
  return describeRefund(refund);
}

/** The bank's own name of the card, as a payer reads it: bank and the last digits. */
function openCard({ pay }: World, serial: string, asked: Partial<Record<string, string>>): string {
  const bank = DEBIT_BANKS[asked.bank_type ?? ''];
  if (!bank || !asked.bank_account || !asked.real_name)
    throw new PayError(400, 'PARAM_ERROR', '退款至用户银行卡时，开户银行、银行卡号和收款人姓名必填');
  const key = pay.keys.forField(pay.settings, serial);
  const [card, name] = [asked.bank_account, asked.real_name].map((field) => key && openFromMerchant(field, key));
  if (!card || !name) throw new PayError(400, 'PARAM_ERROR', '平台私钥解密失败');
  if (!/^\d{12,19}$/.test(card)) throw new PayError(400, 'PARAM_ERROR', '银行卡号不正确');
  return `${bank}借记卡${card.slice(-4)}`;
}

/** Lever: what was closed is asked for anew by a new number only; this one stays closed. */
export const reopenable = ({ status }: Refund): boolean => status === 'PROCESSING' || status === 'ABNORMAL';

const refundNotExist = () => new PayError(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');

import { createHash, randomBytes } from 'node:crypto';
import type { ParsedUrlQuery } from 'node:querystring';
import { PayError } from '../../errors.ts';
import type { FaultKind } from '../../faults.ts';
import type { World } from '../../world.ts';
import { badField } from '../fields.ts';
import { OTHER_MCHID } from '../merchant.ts';
import type { PaySettings } from '../settings.ts';
import { billFile, type BillKind } from './bill-file.ts';
import { dayOf, isDay, monthsBefore, readyAt } from './days.ts';

const TOKEN_LIFE_MS = 5 * 60_000;
const MONTHS_KEPT = 3;
const EXTRA_INTERNAL_CODE = 270924358;

/** One of the two calls: its parameter, what that may be, and from which hour it is answered. */
interface BillCall {
  parameter: string;
  /** The first is meant when the parameter is left out. */
  kinds: readonly BillKind[];
  /** Known to WeChat; nothing in this scope leads to a row of them. */
  alwaysEmpty: readonly string[];
  /** Known to WeChat; not for this merchant. */
  notOpened: readonly string[];
  hour: (settings: PaySettings) => number;
}

/** WeChat Pay documentation 4013071246 and the typings of `openapi/v3/bill/tradebill`. */
export const TRADE_BILL: BillCall = {
  parameter: 'bill_type',
  kinds: ['ALL', 'SUCCESS', 'REFUND'],
  alwaysEmpty: ['RECHARGE_REFUND'],
  notOpened: ['ALL_SPECIAL', 'SUC_SPECIAL', 'REF_SPECIAL'],
  hour: ({ tradeBillHour }) => tradeBillHour,
};

/** WeChat Pay documentation 4013071249: `ALL` is for e-commerce platforms only. */
export const FUND_BILL: BillCall = {
  parameter: 'account_type',
  kinds: ['BASIC'],
  alwaysEmpty: ['OPERATION', 'FEES'],
  notOpened: ['ALL'],
  hour: ({ fundBillHour }) => fundBillHour,
};

/**
 * Hands out the hash of a bill and the address where it can be fetched during five minutes.
 * @throws PayError 400 PARAM_ERROR, INVALID_REQUEST, STATEMENT_CREATING, NO_STATEMENT_EXIST, 403 NO_AUTH
 */
export function applyForBill(
  world: World,
  call: BillCall,
  query: ParsedUrlQuery,
  fault?: FaultKind,
): Record<string, string> {
  const { day, kind, isPacked } = readQuery(world, call, query);
  const { settings } = world.pay;
  if (fault === 'bill-late' || world.clock.now() < readyAt(day, call.hour(settings))) throw creating();
  const file = kind && fault !== 'bill-empty' ? billFile(world, day, kind, fault) : null;
  if (!file) throw new PayError(settings.noStatementStatus, 'NO_STATEMENT_EXIST', '账单文件不存在');

  const token = handOut(world, {
    mchid: fault === 'bill-foreign-token' ? OTHER_MCHID : world.kit.mchid,
    bytes: file.bytes,
    isPacked,
    isCut: fault === 'bill-cut',
  });
  return {
    hash_type: 'SHA1',
    hash_value: fault === 'bill-wrong-hash' ? sha1OfOther(file.sha1) : file.sha1,
    download_url: `${world.addresses.payOrigin}/v3/billdownload/file?token=${token}${isPacked ? '&tartype=gzip' : ''}`,
  };
}

function readQuery(world: World, call: BillCall, query: ParsedUrlQuery) {
  const parameters = ['bill_date', call.parameter, 'tar_type'];
  for (const [name, value] of Object.entries(query)) {
    if (!parameters.includes(name)) throw wrong(name, value, '存在多余的参数', EXTRA_INTERNAL_CODE);
    if (typeof value !== 'string' || value === '') throw wrong(name, value, '格式不符合要求');
  }
  const { bill_date: day, [call.parameter]: kind = call.kinds[0], tar_type: packing } = query as Record<string, string>;
  if (day === undefined) throw wrong('bill_date', undefined, '必填字段缺失');
  if (packing !== undefined && packing !== 'GZIP') throw wrong('tar_type', packing, '取值只能为GZIP');
  return { day: checkDay(world, day), kind: checkKind(call, kind!), isPacked: packing === 'GZIP' };
}

/** Today's bill is still to be made; one of a day to come, or of more than three months ago, is a mistake. */
function checkDay({ clock }: World, day: string): string {
  if (!isDay(day)) throw wrong('bill_date', day, '格式应为yyyy-MM-DD');
  const today = dayOf(clock.now());
  if (day > today) throw new PayError(400, 'INVALID_REQUEST', '账单日期不能晚于当前日期');
  if (day < monthsBefore(today, MONTHS_KEPT))
    throw new PayError(400, 'INVALID_REQUEST', '仅支持三个月内的账单下载申请');
  return day;
}

/** Null: of this kind there is never anything. */
function checkKind({ parameter, kinds, alwaysEmpty, notOpened }: BillCall, wanted: string): BillKind | null {
  const kind = kinds.find((known) => known === wanted);
  if (kind) return kind;
  if (alwaysEmpty.includes(wanted)) return null;
  if (notOpened.includes(wanted)) throw new PayError(403, 'NO_AUTH', '商户号无权限申请该类型账单');
  throw wrong(parameter, wanted, `取值只能为${[...kinds, ...alwaysEmpty].join('、')}`);
}

function handOut(world: World, what: { mchid: string; bytes: Buffer; isPacked: boolean; isCut: boolean }): string {
  const { tokens } = world.pay.bills;
  const now = world.clock.now();
  for (const [old, { expiresAt }] of tokens) if (now > expiresAt + TOKEN_LIFE_MS) tokens.delete(old);
  const token = randomBytes(48).toString('base64url');
  tokens.set(token, { ...what, expiresAt: now + TOKEN_LIFE_MS });
  return token;
}

const sha1OfOther = (text: string): string => createHash('sha1').update(text).digest('hex');

const creating = () => new PayError(400, 'STATEMENT_CREATING', '账单生成中，请稍后再试');

const wrong = (name: string, value: unknown, issue: string, internalCode?: number) =>
  badField(`/${name}`, value, issue, internalCode, 'query');

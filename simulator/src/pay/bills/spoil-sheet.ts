import type { FaultKind } from '../../faults.ts';
import { yuan } from '../account.ts';
import { OTHER_MCHID } from '../merchant.ts';
import { mapRows, type Sheet } from './sheet.ts';

const LONG_LINE = 2 ** 20;

/** What each fault makes of a right bill. */
const SPOILS: Partial<Record<FaultKind, (sheet: Sheet) => Sheet>> = {
  'bill-wrong-sum': (sheet) => {
    const at = indexOfAny(sheet.sumColumns, ['应结订单总金额', '收入金额']);
    const fen = Math.round(Number(sheet.sums[at]) * 100) + 1;
    return { ...sheet, sums: sheet.sums.with(at, yuan(fen)) };
  },
  'bill-missing-column': (sheet) => without(sheet, ['商户订单号', '收支金额(元)']),
  'bill-extra-column': ({ columns, rows, ...sums }) => ({
    ...sums,
    columns: [...columns, '新增字段'],
    rows: mapRows(rows, (row) => [...row, '1']),
  }),
  'bill-older-layout': (sheet) => older(sheet),
  'bill-long-line': (sheet) => {
    const at = indexOfAny(sheet.columns, ['商户数据包', '备注']);
    return {
      ...sheet,
      rows: mapRows(sheet.rows, (row, index) => (index === 0 ? row.with(at, '长'.repeat(LONG_LINE)) : row)),
    };
  },
  'bill-foreign-merchant': (sheet) => {
    const at = sheet.columns.indexOf('商户号');
    return at < 0 ? sheet : { ...sheet, rows: mapRows(sheet.rows, (row) => row.with(at, OTHER_MCHID)) };
  },
};

export function spoilSheet(sheet: Sheet, fault: FaultKind): Sheet {
  return SPOILS[fault]?.(sheet) ?? sheet;
}

/** Whether a fault makes another text than the day's file has. */
export const spoilsText = (fault: FaultKind): boolean => fault in SPOILS || fault === 'bill-no-bom';

/** The trade bill that some old merchants still get; seen in public captures of it. */
const OLDER_NAMES: Record<string, string> = {
  特约商户号: '子商户号',
  应结订单金额: '总金额',
  代金券金额: '企业红包金额',
  充值券退款金额: '企业红包退款金额',
  应结订单总金额: '总交易额',
  退款总金额: '总退款金额',
  充值券退款总金额: '总企业红包退款金额',
};
const NEWER = ['订单金额', '申请退款金额', '费率备注', '订单总金额', '申请退款总金额'];

function older(sheet: Sheet): Sheet {
  const left = without(sheet, NEWER);
  const rename = (name: string) => OLDER_NAMES[name] ?? name;
  return { ...left, columns: left.columns.map(rename), sumColumns: left.sumColumns.map(rename) };
}

function without({ columns, rows, sumColumns, sums }: Sheet, names: readonly string[]): Sheet {
  const keep = (list: readonly string[]) => list.map((name) => !names.includes(name));
  const [kept, keptSums] = [keep(columns), keep(sumColumns)];
  return {
    columns: columns.filter((_, at) => kept[at]),
    rows: mapRows(rows, (row) => row.filter((_, at) => kept[at])),
    sumColumns: sumColumns.filter((_, at) => keptSums[at]),
    sums: sums.filter((_, at) => keptSums[at]),
  };
}

const indexOfAny = (list: readonly string[], names: readonly string[]): number =>
  list.findIndex((name) => names.includes(name));

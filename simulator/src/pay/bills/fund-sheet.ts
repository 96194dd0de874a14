import { yuan, type Movement } from '../account.ts';
import { billTime, countText, freeText, mapRows, type CountSpelling, type Sheet } from './sheet.ts';

const COLUMNS = [
  '记账时间',
  '微信支付业务单号',
  '资金流水单号',
  '业务名称',
  '业务类型',
  '收支类型',
  '收支金额(元)',
  '账户结余(元)',
  '资金变更提交申请人',
  '备注',
  '业务凭证号',
];
const SUM_COLUMNS = ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'];

/** WeChat Pay documentation 4013071249, 2024.11.25. */
export function fundSheet(movements: Movement[], counts: CountSpelling): Sheet {
  const income = movements.filter(({ amount }) => amount >= 0);
  const outgo = movements.filter(({ amount }) => amount < 0);
  const count = (list: Movement[]) => countText(list.length, counts, 'decimal');
  return {
    columns: COLUMNS,
    rows: mapRows(movements, cellsOf),
    sumColumns: SUM_COLUMNS,
    sums: [count(movements), count(income), sum(income), count(outgo), sum(outgo)],
  };
}

const sum = (movements: Movement[]): string =>
  yuan(Math.abs(movements.reduce((total, { amount }) => total + amount, 0)));

const cellsOf = (movement: Movement): string[] => [
  billTime(movement.at),
  movement.businessId,
  movement.flowId,
  movement.business,
  movement.kind,
  movement.amount < 0 ? '支出' : '收入',
  yuan(Math.abs(movement.amount)),
  yuan(movement.balance),
  movement.applicant,
  freeText(movement.remark),
  freeText(movement.voucher),
];

import type { DifferenceCause, DifferenceKind } from '../../../src/contracts/reconciliation.ts';

/** So many of each of these are made. */
export const EACH = 50;
export const KINDS: readonly { kind: DifferenceKind; cause: DifferenceCause }[] = [
  { kind: 'only_here', cause: 'unknown' },
  { kind: 'only_there', cause: 'other_system' },
  { kind: 'amount', cause: 'unknown' },
  { kind: 'fee', cause: 'unknown' },
];

export interface Bills {
  trade(): AsyncGenerator<string>;
  fund_flow(): AsyncGenerator<string>;
}

interface Row {
  seq: number;
  transactionId: string;
  number: string;
  tradeFen: number;
  fundsFen: number;
  tradeFeeFen: number;
  fundsFeeFen: number;
}

const FEN_A_YUAN = 100;
const AT_ONCE = 2000;
const yuan = (fen: number) => (fen / FEN_A_YUAN).toFixed(2);
const fee = (fen: number) => Math.floor((fen * 60 * 2 + 10_000) / 20_000);

/** Both bills of a day of so many payments; 200 rows are not what the books have. */
export function billsOf({ size, day, mchid }: { size: number; day: string; mchid: string }): Bills {
  const step = Math.floor(size / (EACH * KINDS.length));
  const kindAt = (seq: number) =>
    seq % step === 0 && seq / step <= EACH * KINDS.length ? KINDS[(seq / step) % 4]!.kind : null;
  const timeOf = (seq: number) => {
    const seconds = Math.floor((seq * 86_399) / (size + 1));
    const part = (value: number) => String(value).padStart(2, '0');
    return `${day} ${part(Math.floor(seconds / 3600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
  };

  function* rows(): Generator<Row> {
    for (let seq = 1; seq <= size; seq += 1) {
      const amountFen = 10_000 + (seq % 1000);
      const row = rowOf(seq, `42000020002026112${String(seq).padStart(11, '0')}`, amountFen);
      const kind = kindAt(seq);
      if (kind === 'amount') row.tradeFen += 100;
      if (kind === 'fee') row.tradeFeeFen += 1;
      if (kind !== 'only_here') yield row;
      if (kind === 'only_there') yield rowOf(seq, `43000020002026112${String(seq).padStart(11, '0')}`, 5000);
    }
  }
  const rowOf = (seq: number, transactionId: string, fen: number): Row => ({
    seq,
    transactionId,
    number: `P${transactionId.slice(-20)}`,
    tradeFen: fen,
    fundsFen: fen,
    tradeFeeFen: fee(fen),
    fundsFeeFen: fee(fen),
  });

  return {
    async *trade() {
      yield `\u{FEFF}${TRADE_HEAD}\r\n`;
      const sums = { count: 0, fen: 0, feeFen: 0 };
      for (const some of inParts(rows())) {
        yield await Promise.resolve(some.map((row) => tradeLine(row, timeOf(row.seq), mchid)).join(''));
        for (const { tradeFen, tradeFeeFen } of some) {
          sums.count += 1;
          sums.fen += tradeFen;
          sums.feeFen += tradeFeeFen;
        }
      }
      const total = yuan(sums.fen);
      yield `${TRADE_SUMMARY}\r\n\`${sums.count},\`${total},\`0.00,\`0.00,\`${yuan(sums.feeFen)}000,\`${total},\`0.00\r\n`;
    },
    async *fund_flow() {
      yield `\u{FEFF}${FUND_HEAD}\r\n`;
      const sums = { count: 0, inFen: 0, outFen: 0 };
      for (const some of inParts(rows())) {
        let text = '';
        for (const row of some) {
          sums.count += 1;
          sums.inFen += row.fundsFen;
          sums.outFen += row.fundsFeeFen;
          text += fundLines(row, timeOf(row.seq), sums.inFen - sums.outFen);
        }
        yield await Promise.resolve(text);
      }
      yield `资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n\`${sums.count * 2}.0,\`${sums.count}.0,\`${yuan(sums.inFen)},\`${sums.count}.0,\`${yuan(sums.outFen)}\r\n`;
    },
  };
}

const TRADE_HEAD =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const TRADE_SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const FUND_HEAD =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';

const tradeLine = ({ transactionId, number, tradeFen, tradeFeeFen }: Row, at: string, mchid: string): string =>
  `\`${at},\`wx0000000000000000,\`${mchid},\`0,\`,\`${transactionId},\`${number},\`oAAAAAAAAAAAAAAAAAAAAAAAAAAA,\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,\`${yuan(tradeFen)},\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`电销卡审核-标准,\`,\`${yuan(tradeFeeFen)}000,\`0.60%,\`${yuan(tradeFen)},\`0.00,\`\r\n`;

function fundLines({ seq, transactionId, number, fundsFen, fundsFeeFen }: Row, at: string, balanceFen: number): string {
  const head = `\`${at},\`${transactionId},\`${transactionId.slice(0, 2)}0000000000${String(seq).padStart(12, '0')}`;
  const gross = `${head}1,\`交易,\`交易,\`收入,\`${yuan(fundsFen)},\`${yuan(balanceFen + fundsFeeFen)},\`system,\`,\`${number}\r\n`;
  return `${gross}${head}2,\`交易,\`扣除交易手续费,\`支出,\`${yuan(fundsFeeFen)},\`${yuan(balanceFen)},\`system,\`,\`${number}\r\n`;
}

function* inParts(rows: Iterable<Row>): Generator<Row[]> {
  let part: Row[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < AT_ONCE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

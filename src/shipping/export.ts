import type { ShipmentListQuery, ShipmentView } from '../contracts/shipping.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { listShipments } from './list-shipments.ts';

const AT_ONCE = 500;

/** The shipments as a table, in the list's own order. */
export const exportShipments = (work: Work, query: ShipmentListQuery): Sheet => ({
  name: '发货信息',
  columns: [
    { title: '订单编号', width: 18 },
    { title: '支付单号', width: 34 },
    { title: '微信支付单号', width: 30 },
    { title: '金额（元）', width: 12 },
    { title: '状态', width: 16 },
    { title: '说明', width: 30 },
    { title: '发货方式', width: 12 },
    { title: '发货内容', width: 40 },
    { title: '支付时间', width: 20 },
    { title: '发货期限', width: 20 },
    { title: '即将超期', width: 10 },
    { title: '上传时间', width: 20 },
    { title: '确认收货时间', width: 20 },
    { title: '结算时间', width: 20 },
  ],
  rows: rowsOf(work, query),
});

async function* rowsOf(work: Work, query: ShipmentListQuery) {
  for (let after: string | undefined; ;) {
    const listed = await listShipments(work, { ...query, after, limit: AT_ONCE });
    for (const view of listed.slice(0, AT_ONCE)) yield cellsOf(view);
    if (listed.length <= AT_ONCE) return;
    after = listed[AT_ONCE - 1]!.id;
  }
}

const time = (at: string | null): string => (at ? shanghaiTime(at) : '');

const cellsOf = (shipment: ShipmentView): string[] => [
  shipment.orderNumber,
  shipment.paymentNumber,
  shipment.transactionId,
  (shipment.amountFen / 100).toFixed(2),
  shipment.stateWords,
  shipment.failureWords ?? '',
  shipment.kindWords,
  shipment.item,
  shanghaiTime(shipment.paidAt),
  shanghaiTime(shipment.deadlineAt),
  shipment.isLate ? '是' : '',
  time(shipment.uploadedAt),
  time(shipment.confirmedAt),
  time(shipment.settledAt),
];

import { badJson } from '../platform/refusals.ts';
import type { PlatformCall } from '../platform/platform-call.ts';
import { textOf } from '../platform/token-routes.ts';
import type { World } from '../world.ts';
import { getShippable, type PaidOrder, type ShippedItem, type Shipping, shippingOf, stateOf } from './shipping.ts';
import { shipped } from './shipping-life.ts';
import * as refuse from './shipping-refusals.ts';

const MOST_ITEMS = 15;
const LONGEST_ITEM = 120;
const LONGEST_CODE = 128;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

type Body = Record<string, unknown>;
type Upload = Pick<Shipping, 'logisticsType' | 'deliveryMode' | 'isFinished' | 'items' | 'uploadTime'>;

/**
 * `upload_shipping_info` (official documentation, «发货信息录入»). Which check comes first when several fail is not confirmed; nor
 * that a time which is not later than the one before is refused by 10060014.
 */
export function uploadShipping({ world, body }: PlatformCall): void {
  const order = orderOfKey(world, objectOf(body.order_key));
  const upload = readUpload(body);
  if (textOf(objectOf(body.payer).openid) !== order.payment.openid) throw refuse.foreignPayer();
  const before = shippingOf(world, order);
  if (![1, 2].includes(stateOf(world, order))) throw refuse.notShippable();
  if (before && isSame(before, upload)) throw refuse.unchanged();
  if (before && before.timesFinished === 2) throw refuse.reshipUsed();
  if (before && upload.uploadTime <= before.uploadTime) throw refuse.wrongParameter();
  shipped(world, order, upload);
}

function orderOfKey(world: World, key: Body): PaidOrder {
  const transactionId = textOf(key.transaction_id);
  const mchid = textOf(key.mchid);
  const outTradeNo = textOf(key.out_trade_no);
  if (key.order_number_type !== 1 && key.order_number_type !== 2) throw refuse.wrongNumberType();
  if (key.order_number_type === 2) {
    if (transactionId === '') throw refuse.transactionMissing();
    return getShippable(world, { transactionId, mchid: '', outTradeNo: '' });
  }
  if (mchid === '') throw refuse.mchidMissing();
  if (outTradeNo === '') throw refuse.numberMissing();
  return getShippable(world, { transactionId: '', mchid, outTradeNo });
}

function readUpload(body: Body): Upload {
  const { logistics_type: logisticsType, delivery_mode: deliveryMode, is_all_delivered: isAll, upload_time } = body;
  if (logisticsType !== 1 && logisticsType !== 2 && logisticsType !== 3 && logisticsType !== 4)
    throw refuse.wrongLogistics();
  if (deliveryMode !== 1 && deliveryMode !== 2) throw refuse.wrongMode();
  if (deliveryMode === 2 && logisticsType !== 1) throw refuse.splitNeedsCourier();
  if (deliveryMode === 2 && typeof isAll !== 'boolean') throw refuse.allDeliveredMissing();
  const list = body.shipping_list;
  if (!Array.isArray(list)) throw badJson();
  if (list.length > MOST_ITEMS) throw refuse.tooManyItems();
  if (deliveryMode === 1 && list.length !== 1) throw refuse.exactlyOne();
  const items = list.map((item) => readItem(objectOf(item), logisticsType === 1));
  const time = textOf(upload_time);
  if (!RFC_3339.test(time) || Number.isNaN(Date.parse(time))) throw refuse.wrongUploadTime();
  const isFinished = deliveryMode === 1 || isAll === true;
  return { logisticsType, deliveryMode, isFinished, items, uploadTime: Date.parse(time) };
}

function readItem(item: Body, byCourier: boolean): ShippedItem {
  const [tracking, company, description] = [item.tracking_no, item.express_company, item.item_desc].map(textOf);
  if (byCourier && !tracking) throw refuse.trackingMissing();
  if (byCourier && !company) throw refuse.companyMissing();
  if (Buffer.byteLength(tracking!) > LONGEST_CODE) throw refuse.trackingTooLong();
  if (Buffer.byteLength(company!) > LONGEST_CODE) throw refuse.companyTooLong();
  if (!description) throw refuse.itemMissing();
  if ([...description].length > LONGEST_ITEM) throw refuse.itemTooLong();
  return { tracking_no: tracking!, express_company: company!, item_desc: description };
}

const isSame = (before: Shipping, upload: Upload): boolean =>
  JSON.stringify([before.logisticsType, before.deliveryMode, before.isFinished, before.items]) ===
  JSON.stringify([upload.logisticsType, upload.deliveryMode, upload.isFinished, upload.items]);

/** @throws PlatformError 47001 */
function objectOf(value: unknown): Body {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw badJson();
}

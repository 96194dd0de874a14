import { PlatformError } from '../errors.ts';

/** The words of shipping information (official documentation, «发货信息录入», «查询订单列表», «确认收货提醒»). */
export const orderUnknown = () => new PlatformError(10060001, '支付单不存在');
export const reshipUsed = () => new PlatformError(10060003, '支付单已使用重新发货机会');
export const notShippable = () => new PlatformError(10060004, '支付单处于不可发货的状态');
export const wrongLogistics = () => new PlatformError(10060005, '物流类型有误');
export const splitNeedsCourier = () => new PlatformError(10060006, '非快递发货时不允许分拆发货');
export const allDeliveredMissing = () => new PlatformError(10060007, '分拆发货模式下必须填写 is_all_delivered 字段');
export const itemMissing = () => new PlatformError(10060008, '商品描述 item_desc 字段不能为空');
export const itemTooLong = () => new PlatformError(10060009, '商品描述 item_desc 字段太长');
export const wrongIndex = () => new PlatformError(10060011, 'last_index 非法');
export const wrongParameter = () => new PlatformError(10060014, '参数错误');
export const unchanged = () => new PlatformError(10060023, '发货信息未更新');
export const tooManyItems = () => new PlatformError(10060024, '物流信息列表太长');
export const companyTooLong = () => new PlatformError(10060025, '物流公司编码太长');
export const trackingTooLong = () => new PlatformError(10060026, '物流单号太长');
export const notShipped = () => new PlatformError(10060028, '支付单未发货');
export const receivedBeforeShipping = () => new PlatformError(10060029, '签收时间早于发货时间');
export const remindedBefore = () => new PlatformError(10060030, '该支付单已提醒过确认收货');
export const foreignPayer = () => new PlatformError(10060031, '该笔支付单不属于 openid 所指定的用户');
export const notByCourier = () => new PlatformError(10060032, '非物流快递发货不允许提醒确认收货');
export const wrongNumberType = () => new PlatformError(268485194, '订单单号类型非法');
export const transactionMissing = () =>
  new PlatformError(268485195, '微信支付单号形式下 transaction_id 字段不能为空');
export const mchidMissing = () => new PlatformError(268485196, '商户侧单号形式下 mchid 字段不能为空');
export const numberMissing = () => new PlatformError(268485197, '商户侧单号形式下 out_trade_no 字段不能为空');
export const wrongUploadTime = () => new PlatformError(268485216, '上传时间非法，请按照 RFC 3339 格式填写');
export const wrongMode = () => new PlatformError(268485224, '发货模式非法');
export const trackingMissing = () => new PlatformError(268485226, '物流单号不能为空');
export const companyMissing = () => new PlatformError(268485227, '物流公司编码不能为空');
export const exactlyOne = () => new PlatformError(268485228, '统一发货模式下，物流信息列表长度必须为 1');

/** Ways to spoil a payment notice. */
export const NOTICE_TAMPERS = {
  signature: '签名错误',
  'sign-test': '探测签名（SIGNTEST）',
  truncated: '正文截断',
  body: '正文被改',
  unsigned: '没有签名',
  serial: '未知证书序列号',
  timestamp: '时间戳过期',
  replay: '重放',
  ciphertext: '密文被改',
  'api-v3-key': '别的 APIv3 密钥',
  algorithm: '别的加密算法',
  'not-json': '不是 JSON',
  'truncated-signed': '截断后签名',
  large: '1 MB 正文',
  'event-type': '未知事件类型',
  appid: '别的 appid',
  mchid: '别的商户号',
  amount: '金额不符',
  currency: '币种不符',
  'out-trade-no': '未知订单号',
  'transaction-id': '别的支付单号',
  'trade-state': '状态不符',
};

/** Ways to spoil a push. */
export const PUSH_TAMPERS = {
  unsigned: '没有签名',
  signature: '签名错误',
  'msg-signature': '消息签名错误',
  'old-timestamp': '一小时前的时间戳',
  'sealed-text': '密文长度荒谬',
  key: '用别的密钥加密',
  appid: '密文里是别的 appid',
  'to-user': '发给别的账号',
  entities: '实体展开',
  'sealed-entities': '密文里实体展开',
};

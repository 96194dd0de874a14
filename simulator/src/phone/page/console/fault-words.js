/** Every kind of fault that the simulator makes. */
export const FAULTS = [
  {
    group: '传输',
    kinds: {
      delay: '先等待再处理',
      'delay-after-effect': '处理后等待再应答',
      'reset-before': '断开连接，未处理',
      'reset-after-effect': '断开连接，已处理',
      'html-502': '502 网页',
      'truncated-body': '应答截断',
      'text-plain': '应答类型是 text/plain',
    },
  },
  {
    group: '微信支付',
    kinds: {
      'error-before': '500，未处理',
      'error-after-effect': '500，已处理',
      'rate-limited': '429 频率限制',
      'sign-test': '应答带探测签名',
      'unknown-serial': '应答证书序列号未知',
      'timestamp-off': '应答时间戳过期',
      unsigned: '应答没有签名',
      'wrong-body-signature': '应答签名不符',
    },
  },
  {
    group: '账单（加在申请账单的路径上）',
    kinds: {
      'bill-late': '账单未生成',
      'bill-empty': '有交易却说没有账单',
      'bill-wrong-hash': '摘要不符',
      'bill-foreign-token': '下载凭据属于别的商户号',
      'bill-cut': '文件不完整（含压缩包）',
      'bill-no-bom': '没有 BOM',
      'bill-wrong-sum': '汇总与明细不符',
      'bill-missing-column': '少一列',
      'bill-extra-column': '多一个未知的列',
      'bill-older-layout': '旧版列名（交易账单）',
      'bill-long-line': '有一行极长',
      'bill-foreign-merchant': '明细是别的商户号（交易账单）',
    },
  },
  {
    group: '电子发票（加在下载发票文件的路径上）',
    kinds: { 'fapiao-wrong-digest': '摘要不符', 'fapiao-cut': '文件不完整' },
  },
  {
    group: '公众平台',
    kinds: {
      busy: '系统繁忙（-1）',
      'daily-quota': '当日次数用尽（45009）',
      'minute-quota': '每分钟次数用尽（45011）',
      'token-invalid-once': '凭据无效（40001）',
      'token-expired-once': '凭据过期（42001）',
      'ip-not-whitelisted': 'IP 不在白名单（40164）',
      'unknown-code': '未知错误码',
      'number-string-flip': '数字与字符串互换',
    },
  },
  { group: '两者', kinds: { code: '指定错误码' } },
];

export const faultWords = (kind) => FAULTS.map(({ kinds }) => kinds[kind]).find(Boolean) ?? kind;

/** Paths that are worth a fault. */
export const FAULT_PATHS = [
  ['/v3/pay/transactions/jsapi', 'JSAPI 下单'],
  ['/v3/pay/transactions/native', 'Native 下单'],
  ['/v3/pay/transactions/h5', 'H5 下单'],
  ['/v3/pay/transactions/out-trade-no', '查询和关闭订单'],
  ['/v3/bill/tradebill', '申请交易账单'],
  ['/v3/bill/fundflowbill', '申请资金账单'],
  ['/v3/billdownload/file', '下载账单'],
  ['/v3/certificates', '平台证书'],
  ['/cgi-bin/stable_token', '稳定版凭据'],
  ['/cgi-bin/message/template/send', '模板消息'],
  ['/cgi-bin/message/subscribe/send', '订阅消息'],
  ['/cgi-bin/ticket/getticket', 'JS-SDK 票据'],
  ['/sns/oauth2/access_token', '网页授权换取凭据'],
  ['/sns/userinfo', '网页授权用户信息'],
  ['/sns/jscode2session', '小程序登录'],
  ['/wxa/business/getuserphonenumber', '手机号'],
  ['/connect/oauth2/authorize', '网页授权页'],
];

const BOTH = {
  accountName: '名称',
  callbackUrl: '推送地址（空着不推送；新地址先验证）',
  mode: '推送加密方式',
  pushFormat: '推送格式',
  pushes: '推送',
  markFailAfter: '连续丢失几次后停推',
  singleListAs: '只有一项的列表',
  numbersAs: 'JSON 里的数字',
  whitelistOk: '服务器 IP 在白名单',
  standing: '账号状态',
  finishEvents: '消息结果事件',
  emptyValueCode: '空字段的错误码',
};

/** What each setting is called; `simulator/README.md` explains them. */
export const SETTINGS = {
  general: { latencyMs: '每次调用至少（毫秒）' },
  pay: {
    keyMode: '微信支付签名方式',
    certificateInUse: '平台证书',
    callbackShare: '切换中：通知用公钥签名的百分比',
    certificatesAbsence: '公钥模式下查询证书',
    primaryDown: '主域名中断',
    backupDown: '备用域名中断',
    errorsUnsigned: '错误应答不签名',
    allowLocalNotifyUrls: '允许本机通知地址',
    allowLocalClientIps: '允许本机 H5 付款人',
    acceptLowerCaseSerial: '接受小写证书序列号',
    refuseReusedNonces: '拒绝重复的随机串',
    boundAppids: '绑定的 appid',
    products: '已开通的产品',
    h5Domains: 'H5 域名（空着不检查）',
    requestsPerSecond: '每秒调用上限（空着不限）',
    queryLagMs: '新订单多久后可查（毫秒）',
    staleRepeatedPrepay: '重复下单返回旧的预支付单',
    changedOrderCode: '同号改参数的错误码',
    paidOrderCode: '已支付订单再下单的错误码',
    openidMismatchCode: 'openid 不符的错误码',
    feeRate: '手续费率（万分之几）',
    refundOutcome: '退款结果（held：由您决定）',
    refundDelayMs: '退款多久后到账（毫秒）',
    refundGapMs: '同一订单两次退款的最短间隔（毫秒）',
    refundFeeBooking: '资金账单里退还的手续费',
    tradeBillHour: '交易账单次日几点可取',
    fundBillHour: '资金账单次日几点可取',
    noStatementStatus: '没有账单时的状态码',
    billCounts: '账单汇总行的笔数',
    complaintAnswerMax: '投诉回复最多字数',
    complaintOwnDeedsTold: '商户自己的操作也通知',
    complaintImagesShown: '展示用户投诉图片',
    ownImagesDownloadable: '商户上传的图片可下载',
    negotiationOrder: '协商历史的顺序',
    answersAfterEnd: '投诉完成后仍可回复',
    repeatedCompletion: '重复反馈处理完成',
    codeSpelling: '错误码拼写',
  },
  notices: {
    mode: '发送方式',
    schedule: '重试间隔（秒）',
    maxSends: '最多发送次数',
    answerLimitMs: '等待应答（毫秒）',
    copies: '每次同时发几份',
    probing: '第一次先发探测签名',
    associatedData: '附加数据',
  },
  platform: { snsTextPlain: 'sns 接口应答类型是 text/plain', openPlatformBound: '绑定开放平台（有 unionid）' },
  'official-account': {
    ...BOTH,
    domains: '域名',
    snapshot: '快照页模式（静默打开时是虚拟用户）',
    snapshotFlagMissing: '快照页不带标记',
    snapshotUserinfo: '快照页读用户信息',
    silentForFollowers: '已关注者静默授权',
    strictAuthorizeOrder: '授权链接参数必须按顺序',
    expiredCode: '授权码过期的错误码',
    blockedAnswer: '发给拒收者',
    repeatedClientMsgId: '重复的 client_msg_id',
    followersPerPage: '关注者每页人数',
  },
  'mini-program': {
    ...BOTH,
    pages: '已发布页面（空着是全部）',
    riskyPeople: '被风控拦截的人',
    rotatesSessionKey: '每次登录换 session_key',
    loginsPerMinute: '每人每分钟登录次数',
    sendTakesMs: '发送耗时（毫秒，期间并发会被拒绝）',
    answersMsgid: '发送应答带 msgid',
    tradeManaged: '已开通发货信息管理',
    tradeConfirmed: '已完成交易结算管理确认',
    unmanagedAnswer: '未开通时的应答',
    shippingLagMs: '支付后多久进入发货管理（毫秒）',
    remindAfterHours: '多少小时未发货时提醒（空着不提醒）',
    settlement: '确认收货与结算',
    receiptAfterHours: '发货后多少小时自动确认收货',
    stateBeforeSettlement: '确认收货后、结算前的订单状态',
    settlementTimes: '结算事件里的时间',
  },
};

const ACCOUNT_CHOICES = {
  mode: [
    ['plain', '明文'],
    ['compatible', '兼容'],
    ['safe', '安全'],
  ],
  pushes: [
    ['auto', '自动'],
    ['held', '扣住，由操作台发送'],
  ],
  singleListAs: [
    ['object', '写成对象'],
    ['array', '写成数组'],
  ],
  numbersAs: [
    ['string', '写成字符串'],
    ['number', '写成数字'],
  ],
  standing: [
    ['normal', '正常'],
    ['unauthorised', '未认证或认证过期'],
    ['banned', '封禁（10004）'],
    ['frozen', '冻结（50007 等）'],
    ['secret-frozen', '密钥冻结（40243）'],
    ['token-forbidden', '禁止取凭据（50004）'],
  ],
  finishEvents: [
    ['auto', '自动'],
    ['held', '扣住，由操作台发送'],
    ['drop', '不发'],
  ],
  emptyValueCode: [
    [47003, '47003'],
    [40250, '40250'],
  ],
};

/** The values that a setting admits; those that are not here are told by the server. */
export const CHOICES = {
  pay: {
    keyMode: [
      ['public-key', '微信支付公钥'],
      ['certificate', '平台证书'],
      ['switching', '切换中'],
    ],
    certificateInUse: [
      ['older', '旧证书'],
      ['newer', '新证书'],
      ['mixed', '轮流'],
    ],
    refundFeeBooking: [
      ['net', '并入退款一行'],
      ['own-row', '单独一行'],
    ],
    billCounts: [
      ['samples', '同官方示例'],
      ['whole', '写成 3'],
      ['decimal', '写成 3.0'],
    ],
  },
  notices: {
    mode: [
      ['auto', '自动'],
      ['held', '扣住'],
    ],
    associatedData: [
      ['given', '有'],
      ['empty', '空字符串'],
      ['absent', '没有'],
    ],
  },
  'official-account': {
    ...ACCOUNT_CHOICES,
    pushFormat: [['xml', 'XML']],
    snapshotUserinfo: [
      ['virtual', '给虚拟用户'],
      ['refused', '拒绝（48001）'],
    ],
    expiredCode: [
      [42003, '42003'],
      [40029, '40029'],
    ],
    blockedAnswer: [
      ['43101', '拒绝（43101）'],
      ['48002', '拒绝（48002）'],
      ['43019', '拒绝（43019）'],
      ['finish-event', '接受，结果事件说被拒收'],
    ],
    repeatedClientMsgId: [
      ['old-msgid', '返回原来的 msgid'],
      ['refused', '拒绝（45065）'],
    ],
  },
  'mini-program': {
    ...ACCOUNT_CHOICES,
    pushFormat: [
      ['json', 'JSON'],
      ['xml', 'XML'],
    ],
    unmanagedAnswer: [
      ['no', '说没有开通'],
      ['unauthorised', '拒绝（48001）'],
    ],
    settlement: [
      ['auto', '自动'],
      ['held', '扣住，由操作台决定'],
    ],
    stateBeforeSettlement: [
      [3, '3 已确认收货'],
      [6, '6 资金待结算'],
    ],
    settlementTimes: [
      ['told', '有'],
      ['empty', '空着'],
    ],
  },
};

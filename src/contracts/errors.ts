/** Every code that a refusal can carry, with its words. A code is for programs and never changes; the words are for people. */
export const errorWords = {
  'request.malformed': { zh: '请求格式不正确', en: 'The request cannot be read.' },
  'request.invalid': { zh: '请检查填写的内容', en: 'Some fields are not right.' },
  'request.too_large': { zh: '提交的内容过大', en: 'The request is too large.' },
  'request.unsupported_media_type': { zh: '提交的内容格式不受支持', en: 'Send JSON, or a file where one is taken.' },
  'request.not_found': { zh: '没有找到您要的内容', en: 'There is nothing here.' },
  'request.method_not_allowed': { zh: '不支持这种操作', en: 'This method is not allowed here.' },
  'request.rate_limited': { zh: '操作太频繁，请稍后再试', en: 'Too many requests; try again later.' },
  'request.foreign_origin': { zh: '请求来源不受信任，请从本应用内操作', en: 'The request comes from a foreign page.' },
  'request.idempotency_key_missing': { zh: '缺少防重复提交标识，请重试', en: 'Send an Idempotency-Key header.' },
  'request.idempotency_key_reused': {
    zh: '防重复提交标识已用于另一次提交，请重新操作',
    en: 'This Idempotency-Key was used for another request.',
  },
  'request.in_progress': { zh: '上一次提交还在处理，请稍候', en: 'The same request is still being worked on.' },
  'session.required': { zh: '请先登录', en: 'Sign in first.' },
  'session.expired': { zh: '登录已失效，请重新登录', en: 'The session has ended; sign in again.' },
  'session.code_refused': {
    zh: '微信登录凭证已失效，请重新登录',
    en: 'WeChat refused the login code; ask for a new one.',
  },
  'session.blocked': { zh: '暂时无法登录，请联系客服', en: 'WeChat does not let this user sign in.' },
  'session.snapshot': {
    zh: '当前为快照页，请点击页面下方“使用完整服务”后再登录',
    en: 'This is a snapshot page; open the full service first.',
  },
  'session.consent_refused': { zh: '您已取消微信授权', en: 'The user refused the authorisation.' },
  'session.state_invalid': {
    zh: '登录请求已过期或不是从本设备发起，请重新登录',
    en: 'The sign-in was not started by this browser, or it is over.',
  },
  'session.not_found': { zh: '没有找到这台设备的登录记录', en: 'There is no such session.' },
  'phone.code_refused': {
    zh: '手机号授权已失效，请重新点击授权',
    en: 'WeChat refused the phone number code; ask for a new one.',
  },
  'phone.mini_program_only': {
    zh: '请在小程序内授权手机号',
    en: 'A phone number can be given from the mini-program only.',
  },
  'catalogue.service_not_found': { zh: '没有这个服务项目', en: 'There is no such service.' },
  'catalogue.package_not_on_sale': { zh: '该套餐暂不可购买', en: 'This package is not on sale.' },
  'catalogue.version_changed': {
    zh: '服务内容或价格已更新，请重新确认后下单',
    en: 'The service has changed since it was shown; look again before ordering.',
  },
  'order.not_found': { zh: '没有找到这个订单', en: 'There is no such order.' },
  'order.pre_check_failed': { zh: '预检未通过，暂不能下单', en: 'The pre-check does not allow this order.' },
  'order.account_not_verified': {
    zh: '办理本套餐需要已认证的服务号：您的服务号尚未认证或认证已过期，请先办理微信认证，或选择含认证的套餐',
    en: 'This package needs a verified service account: have yours verified first, or choose a package with verification.',
  },
  'order.not_payable': { zh: '该订单当前不需要支付', en: 'Nothing of this order can be paid now.' },
  'order.not_cancellable': { zh: '该订单当前不能取消', en: 'This order cannot be cancelled.' },
  'order.illegal_move': { zh: '订单状态已变化，请刷新后再试', en: 'The order is in another state by now.' },
  'order.milestone_not_found': { zh: '该订单没有这个里程碑', en: 'The order has no such milestone.' },
  'payment.not_found': { zh: '没有找到这笔支付', en: 'There is no such payment.' },
  'payment.already_paid': { zh: '这笔款项已支付，无需重复支付', en: 'This has been paid already.' },
  'payment.wrong_place': { zh: '当前环境不支持这种支付方式', en: 'This way of paying does not work from here.' },
  'payment.pending': {
    zh: '正在向微信确认上一次支付，请稍后再试',
    en: 'An earlier attempt is still being asked about; try again shortly.',
  },
  'refund.proposal_not_found': { zh: '没有这笔退款申请', en: 'There is no such refund proposal.' },
  'refund.more_than_left': { zh: '超过该订单还能退的金额', en: 'That is more than can still be given back.' },
  'refund.nothing_to_refund': {
    zh: '该订单目前没有可退的款项',
    en: 'There is nothing to give back of this order now.',
  },
  'refund.amount_changed': {
    zh: '可退金额已变化，请核对新的金额后再申请',
    en: 'The rule gives another amount by now; look again before asking.',
  },
  'refund.already_asked': { zh: '已有退款申请正在处理，请等待结果', en: 'A refund of this order is being decided.' },
  'refund.own_proposal': { zh: '不能复核自己提出的退款，请由另一位同事处理', en: 'Another person must decide.' },
  'refund.above_limit': { zh: '金额超过您的复核权限，请由财务处理', en: 'The amount is above what you may approve.' },
  'refund.illegal_move': { zh: '该退款申请已处理，请刷新后再试', en: 'The proposal was decided already.' },
  'invoice.not_found': { zh: '没有这张发票', en: 'There is no such invoice.' },
  'invoice.title_not_found': { zh: '没有这个发票抬头', en: 'There is no such invoice title.' },
  'invoice.too_many_titles': {
    zh: '发票抬头最多保存 50 个，请先删除不用的',
    en: 'At most 50 titles are kept; remove one first.',
  },
  'invoice.title_unfit': {
    zh: '增值税专用发票须使用企业抬头，并填写地址、电话、开户银行和银行账号',
    en: 'Special VAT needs the title of a company, with address, phone, bank and account.',
  },
  'invoice.nothing_to_invoice': {
    zh: '所选订单中有订单目前不能开票，请刷新后再试',
    en: 'Nothing of one of these orders can be invoiced now.',
  },
  'invoice.illegal_move': { zh: '发票状态已变化，请刷新后再试', en: 'The invoice is in another state by now.' },
  'invoice.refund_under_way': {
    zh: '订单有退款正在处理，办结后开票金额会自动更新，请稍后再开票',
    en: 'A refund of the order is under way; issue it when that has ended.',
  },
  'invoice.wechat_off': { zh: '未启用微信电子发票，请按手工方式开票', en: 'Invoices are not issued by WeChat here.' },
  'invoice.unfit_for_wechat': {
    zh: '这张发票不能由微信办理，请按手工方式处理',
    en: 'WeChat cannot do that with this invoice; do it by hand.',
  },
  'invoice.under_way_at_wechat': {
    zh: '微信正在处理这张发票，请等待结果',
    en: 'WeChat is at work on this invoice; wait for the result.',
  },
  'invoice.file_missing': { zh: '请先上传发票 PDF 文件', en: 'Upload the PDF of the invoice first.' },
  'invoice.file_unfit': { zh: '发票文件只支持 PDF，最大 5MB', en: 'The file is a PDF of at most 5 MB.' },
  'invoice.file_not_found': { zh: '没有发票文件', en: 'There is no file of it.' },
  'invoice.link_invalid': { zh: '链接已失效，请重新获取', en: 'The link is over; ask for a new one.' },
  'invoice.number_taken': { zh: '该发票号码已登记过', en: 'This number is recorded already.' },
  'invoice.red_more_than_wanted': {
    zh: '红冲金额须不超过应红冲金额，或等于发票的全部剩余金额',
    en: 'A red letter takes back what is wanted at most, or all that is left of the invoice.',
  },
  'refund.not_found': { zh: '没有这笔退款', en: 'There is no such refund.' },
  'refund.not_abnormal': {
    zh: '只有退款异常的款项才能改退银行卡',
    en: 'Only a refund that WeChat could not give back goes to another card.',
  },
  'refund.rerouting_not_found': { zh: '没有这笔改退申请', en: 'There is no such wish for another card.' },
  'refund.rerouting_open': {
    zh: '该退款已有改退申请在处理',
    en: 'Another card was proposed for this refund, and is being decided or sent.',
  },
  'refund.own_rerouting': {
    zh: '不能复核自己提出的改退，请由另一位同事处理',
    en: 'Another person must decide about the card.',
  },
  'refund.rerouting_illegal_move': { zh: '该改退申请已处理，请刷新后再试', en: 'That was decided about already.' },
  'disputed.not_found': { zh: '没有这笔待处理款项', en: 'There is no such disputed money.' },
  'disputed.not_refundable': {
    zh: '这笔款项不属于本商户号或不是人民币，请在微信支付商户平台处理',
    en: 'This money is not in our merchant account, or not in CNY; handle it in the portal of WeChat Pay.',
  },
  'disputed.amount_differs': {
    zh: '金额与该订单的待付款项不一致',
    en: 'The amount is not what is due of that order.',
  },
  'disputed.illegal_move': { zh: '这笔款项已处理，请刷新后再试', en: 'This money was decided about already.' },
  'bill.not_found': { zh: '没有这份账单', en: 'There is no such bill.' },
  'bill.unusable': {
    zh: '账单无法使用，请确认种类、日期与商户号，或重新下载后上传',
    en: 'The file is not a whole bill of that kind, day and merchant; the detail says what is wrong with it.',
  },
  'reconciliation.day_not_found': { zh: '没有这一天的对账记录', en: 'Nothing is known of that day.' },
  'reconciliation.bills_missing': {
    zh: '该日账单尚未齐全，暂不能对账',
    en: 'The bills of that day are not here yet.',
  },
  'reconciliation.difference_not_found': { zh: '没有这条差异', en: 'There is no such difference.' },
  'reconciliation.nothing_to_book': {
    zh: '账簿与微信账户一致，这条差异无需记账',
    en: 'The books agree with the account; there is nothing to book.',
  },
  'reconciliation.not_adoptable': {
    zh: '微信没有这笔交易，或它不属于我们的订单，不能补录',
    en: 'WeChat does not know it, or it is not of an order of ours.',
  },
  'reconciliation.attachment_not_found': { zh: '没有这个附件', en: 'There is no such attachment.' },
  'reconciliation.own_proposal': {
    zh: '不能复核自己提出的处理，请由另一位同事复核',
    en: 'Another person must decide about the difference.',
  },
  'reconciliation.illegal_move': {
    zh: '这条差异的状态已变化，请刷新后再试',
    en: 'The difference was decided, or is open again.',
  },
  'government.not_found': { zh: '没有这笔代缴记录', en: 'There is no such payment to an authority.' },
  'government.more_than_collected': {
    zh: '超过该订单在该日已收取、尚未代缴或退还的政府费用',
    en: 'That is more than was collected by that day and neither passed on nor given back.',
  },
  'government.receipt_known': {
    zh: '该订单已登记过这张缴费凭证',
    en: 'This receipt was recorded for the order already.',
  },
  'government.illegal_move': {
    zh: '这笔代缴记录已撤销，请刷新后再试',
    en: 'This payment was withdrawn already.',
  },
  'period.closed': { zh: '该期间已结账，须先反结账', en: 'That period is closed; it must be opened again first.' },
  'period.not_closed': { zh: '该日尚未结账', en: 'That day is not closed.' },
  'period.not_next': { zh: '须按日期顺序结账', en: 'Days are closed one after the other.' },
  'period.cannot_close': { zh: '还不能结账，请先处理未完成的事项', en: 'Something is in the way of closing.' },
  'period.reopening_asked': { zh: '已有反结账申请待复核', en: 'A reopening is waiting for a decision.' },
  'period.reopening_not_asked': { zh: '没有待复核的反结账申请', en: 'No reopening was asked for.' },
  'period.own_reopening': { zh: '不能复核自己提出的反结账申请', en: 'Another person must decide about the reopening.' },
  'account.not_found': { zh: '没有这个账号', en: 'There is no such account.' },
  'account.badge_not_found': {
    zh: '这个公示页不存在或已关闭，请向出示方确认',
    en: 'There is no such page, or it was switched off.',
  },
  'account.badge_unfit': {
    zh: '账号目前没有有效的认证，认证通过后才能公示',
    en: 'The account holds no valid verification that could be shown.',
  },
  'account.appid_taken': {
    zh: '该账号已登记，不能重复登记；如需变更归属请联系主管',
    en: 'The account is on the list already, maybe for another customer.',
  },
  'account.appid_fixed': { zh: '账号标识登记后不能更改', en: 'The appid of an account cannot be changed.' },
  'account.entry_not_found': { zh: '没有这条认证记录', en: 'There is no such entry.' },
  'account.entry_decided': { zh: '这条认证记录已复核', en: 'The entry was decided already.' },
  'account.entry_strange': {
    zh: '录入的内容与已知情况相矛盾，请核对日期与证明',
    en: 'What was entered contradicts what is known; look at the dates and the proof.',
  },
  'account.second_person': {
    zh: '认证状态须由录入人以外的同事复核',
    en: 'Somebody else than who entered it must confirm a state.',
  },
  'account.authorisation_unavailable': {
    zh: '暂不支持授权查询，请由顾问录入认证状态',
    en: 'No third-party platform is configured, so accounts cannot be authorised.',
  },
  'account.proof_missing': { zh: '缺少证明文件，请先上传', en: 'Upload the proof first.' },
  'account.proof_unfit': {
    zh: '证明文件须为图片（JPG、PNG、BMP）或 PDF',
    en: 'A proof is an image (jpg, png, bmp) or a PDF.',
  },
  'shipment.not_found': { zh: '没有这条发货记录', en: 'There is no such shipment.' },
  'shipment.not_at_wechat': {
    zh: '这笔款项不是在小程序支付的，无需上传发货信息',
    en: 'This was not paid in the mini-program; WeChat wants to know of no delivery.',
  },
  'shipment.not_uploaded': {
    zh: '发货信息尚未上传，不能更正',
    en: 'Nothing was uploaded yet that could be corrected.',
  },
  'shipment.correction_used': {
    zh: '每笔支付只能更正一次发货信息，更正机会已用完或正在提交',
    en: 'WeChat takes one correction of a payment; it is used, or under way.',
  },
  'shipment.received_already': {
    zh: '客户已确认收货，不能再更正发货信息',
    en: 'The delivery was received already; it cannot be corrected.',
  },
  'shipment.nothing_changed': { zh: '更正内容与已上传的一致', en: 'The correction says what was uploaded.' },
  'shipment.illegal_move': { zh: '发货状态已变化，请刷新后再试', en: 'The shipment is in another state by now.' },
  'staff.sign_in_refused': {
    zh: '用户名、密码或动态验证码不正确，多次失败后会暂时锁定，请稍后再试',
    en: 'User name, password or code is not right; after several failures the account is locked for a while.',
  },
  'staff.session_required': { zh: '请先登录工作台', en: 'Sign in as staff first.' },
  'staff.session_expired': {
    zh: '工作台登录已失效，请重新登录',
    en: 'The staff session has ended; sign in again.',
  },
  'staff.key_expired': {
    zh: '接口密钥无效、已过期或已吊销',
    en: 'The API key is not valid, has expired or was revoked.',
  },
  'staff.person_only': { zh: '此操作需本人登录后进行', en: 'A person must do this, not an API key.' },
  'staff.not_allowed': { zh: '您没有此操作的权限', en: 'Your role does not allow this.' },
  'staff.invitation_refused': {
    zh: '邀请已失效或已使用，请联系管理员重新发送',
    en: 'The invitation is over or was used; ask an administrator for a new one.',
  },
  'staff.code_refused': {
    zh: '动态验证码不正确或已使用，请等待新的验证码',
    en: 'The code is not right or was used; wait for the next one.',
  },
  'staff.member_not_found': { zh: '没有这名员工', en: 'There is no such member of staff.' },
  'staff.username_taken': { zh: '该用户名已被使用', en: 'This user name is taken.' },
  'staff.own_account': {
    zh: '不能修改自己的角色或状态，请由其他管理员操作',
    en: 'Another administrator must change your own roles or state.',
  },
  'staff.last_administrator': {
    zh: '至少需要保留一名在职管理员',
    en: 'There must be one active administrator left.',
  },
  'staff.illegal_move': { zh: '该员工的状态不允许此操作', en: 'The state of this member does not allow that.' },
  'staff.team_not_found': { zh: '没有这个团队', en: 'There is no such team.' },
  'staff.team_name_taken': { zh: '该团队名称已存在', en: 'There is a team of this name.' },
  'staff.key_not_found': { zh: '没有这个接口密钥', en: 'There is no such API key.' },
  'customer.not_found': { zh: '没有这位客户', en: 'There is no such customer.' },
  'message.not_found': { zh: '没有找到该消息', en: 'There is no such message.' },
  'message.not_bound': { zh: '该消息没有绑定可操作的模板', en: 'There is no such binding of this message.' },
  'message.rights_lapsed': {
    zh: '服务号当前没有接口权限，请先完成微信认证再绑定模板',
    en: 'The service account has no right to send; renew its verification first.',
  },
  'message.nothing_to_decide': {
    zh: '这条消息的结果已明确或已处理',
    en: 'It is known how this message ended, or it was decided about.',
  },
  'message.marketing_refused': {
    zh: '服务通知不能用于营销推广，请修改内容',
    en: 'A service notice must not advertise; change the text.',
  },
  'audience.segment_not_found': { zh: '没有这个客户分组', en: 'There is no such segment.' },
  'audience.segment_name_taken': { zh: '该分组名称已存在', en: 'There is a segment of this name.' },
  'audience.list_not_found': { zh: '没有这份名单', en: 'There is no such list.' },
  'audience.list_in_use': {
    zh: '有群发任务正在使用这份名单，暂不能删除',
    en: 'A campaign still needs this list.',
  },
  'audience.list_empty': { zh: '名单里没有任何数据行', en: 'The list has no rows.' },
  'audience.list_too_long': {
    zh: '名单最多 10 万行，请拆分后上传',
    en: 'A list has at most 100,000 rows; split it.',
  },
  'audience.list_unreadable': {
    zh: '文件无法读取，请另存为 xlsx 或 csv 后重新上传',
    en: 'The file cannot be read; save it as xlsx or csv and upload it again.',
  },
  'campaign.not_found': { zh: '没有这个群发任务', en: 'There is no such campaign.' },
  'campaign.not_editable': {
    zh: '该群发任务已变化或已发布，不能修改',
    en: 'The campaign has changed or was released; it cannot be edited.',
  },
  'campaign.rehearse_first': {
    zh: '请先预演，预演结果 24 小时内有效',
    en: 'Rehearse the campaign first; a rehearsal holds for 24 hours.',
  },
  'campaign.nobody_to_reach': {
    zh: '没有可以送达的客户，请调整对象',
    en: 'Nobody can be reached; change the audience.',
  },
  'campaign.second_person_needed': {
    zh: '人数超过限额，需由另一位同事发布',
    en: 'So many people need a second member of staff to release it.',
  },
  'campaign.rights_lapse': {
    zh: '发送时服务号的接口权限已失效，请先完成年审或提前发送',
    en: 'The service account will have no right to send by then; renew its verification, or send earlier.',
  },
  'campaign.starts_in_past': { zh: '开始时间已过，请重新设置', en: 'The start is in the past.' },
  'campaign.illegal_move': { zh: '群发任务状态已变化，请刷新后再试', en: 'The campaign is in another state by now.' },
  'complaint.not_found': { zh: '没有这个投诉', en: 'There is no such complaint.' },
  'complaint.over': {
    zh: '该投诉已处理完成，用户继续投诉后才能再操作',
    en: 'The complaint is over; it can be worked on when the payer goes on with it.',
  },
  'complaint.deed_under_way': {
    zh: '上一次操作正在向微信确认，请稍后再试',
    en: 'It is being asked what became of the last deed; try again shortly.',
  },
  'complaint.refused_by_wechat': {
    zh: '微信没有接受这次操作，请刷新后核对投诉状态',
    en: 'WeChat did not accept this; look at the complaint again.',
  },
  'complaint.image_not_found': {
    zh: '没有这张图片，请先在该投诉下上传',
    en: 'There is no such image of this complaint; upload it first.',
  },
  'complaint.image_unfit': { zh: '图片只支持 jpg、png、bmp，最大 2MB', en: 'Images are jpg, png or bmp, up to 2 MB.' },
  'complaint.no_refund_asked': { zh: '该投诉不是退款申请', en: 'The payer did not ask for a refund.' },
  'complaint.refund_not_approved': {
    zh: '请先在该投诉下提出退款，并由另一位同事复核同意',
    en: 'Propose a refund of this complaint first; a second person must approve it.',
  },
  'task.not_found': { zh: '没有这个任务', en: 'There is no such task.' },
  'task.ended': { zh: '该任务已结束，如需修改请先恢复', en: 'The task has ended; reopen it to change it.' },
  'task.illegal_move': { zh: '任务状态已变化，请刷新后再试', en: 'The task is in another state by now.' },
  'upstream.unavailable': {
    zh: '微信服务暂时没有响应，请稍后再试',
    en: 'WeChat does not answer at the moment; try again.',
  },
  'upstream.refused': { zh: '微信拒绝了这次请求，请联系客服', en: 'WeChat refused the request.' },
  'server.stopping': { zh: '服务正在重启，请稍后再试', en: 'The server is restarting; try again.' },
  'server.not_ready': { zh: '服务暂时不可用，请稍后再试', en: 'The server is not ready; try again.' },
  'server.error': { zh: '系统出错了，我们已记录，请稍后再试', en: 'Something went wrong on our side.' },
} as const satisfies Record<string, { zh: string; en: string }>;

export type ErrorCode = keyof typeof errorWords;

/** What is wrong with one field, in words that name it. */
export interface FieldFault {
  /** Path of the field, for example `buyer.contactPhone`. */
  field: string;
  /** Chinese sentence for the person who filled the form. */
  message: string;
}

/** The body of every refusal. */
export interface RefusalBody {
  error: {
    code: ErrorCode;
    /** Chinese sentence. */
    message: string;
    /** English sentence. */
    messageEn: string;
    detail?: { fields?: FieldFault[]; [key: string]: unknown };
    requestId: string;
  };
}

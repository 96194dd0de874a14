/** What keeps a template from being used. */
export const templateFaultWords = {
  template_absent: '微信后台没有这个模板',
  field_absent: '微信模板缺少此字段',
  field_unfilled: '微信模板要求的字段没有内容可填',
  kind_differs: '字段类型与微信模板不一致',
  values_differ: '字段的可选值与微信模板不一致',
} as const;
export type TemplateFaultCode = keyof typeof templateFaultWords;

export interface TemplateFault {
  code: TemplateFaultCode;
  /** Name of the field, for example `thing1`; null when it is about the whole template. */
  field: string | null;
  /** What WeChat has in its place, where it has something. */
  theirs?: string | undefined;
}

/** usable: may be used · unchecked: not compared with WeChat's yet, used meanwhile · faulty, stopped: not used. */
export const bindingStates = {
  usable: '可用',
  unchecked: '待核对',
  faulty: '与微信模板不符',
  stopped: '已停用，待处理',
  unbound: '未绑定',
} as const;
export type BindingState = keyof typeof bindingStates;

export const messageApps = { 'official-account': '服务号模板消息', 'mini-program': '小程序订阅消息' } as const;
export type MessageApp = keyof typeof messageApps;

export interface BindingView {
  app: MessageApp;
  state: BindingState;
  templateId: string | null;
  boundBy: 'configuration' | 'staff' | null;
  faults: (TemplateFault & { words: string })[];
  checkedAt: string | null;
  stoppedAt: string | null;
  /** A code, for example `template_banned`. */
  stopReason: string | null;
}

/** One row of GET /staff/message-templates */
export interface MessageTemplateView {
  message: string;
  title: string;
  /** The service event that it tells. */
  event: string;
  fields: { field: string; label: string }[];
  /** JSON Schema of the facts that it is made of. */
  facts: Record<string, unknown>;
  bindings: BindingView[];
}

/** PUT /staff/message-templates/:message/bindings/:app */
export interface BindingBody {
  templateId: string;
}

/** POST /staff/message-templates/:message/preview */
export interface PreviewBody {
  facts: Record<string, unknown>;
}

/** A card as the person would see it. */
export interface CardView {
  title: string;
  rows: { label: string; value: string }[];
  /** Page that a tap opens. */
  page: string;
}

import type {
  CancelReason,
  InstalmentState,
  LineKind,
  OrderState,
  PaymentState,
  PaymentWay,
  PreCheckVerdict,
} from './states.ts';

/** A list answer; `next` is handed back as `after` to read on, null at the end. */
export interface Page<T> {
  data: T[];
  next: string | null;
}

/** What every list can be asked. */
export interface PageQuery {
  /** Where the last page ended: its `next`. */
  after?: string | undefined;
  /** Rows of a page, at most 100; 50 when left out. */
  limit?: number | undefined;
}

// ---- sign in ---------------------------------------------------------------

/** POST /app/sessions/mini-program */
export interface MiniProgramLoginBody {
  /** From `wx.login`; single use, five minutes. */
  code: string;
  /** What the person will recognise the device by, for example “iPhone 15”. */
  device?: string | undefined;
}

export interface SessionView {
  /** Sent as `Authorization: Bearer …`; shown once. */
  token: string;
  /** ISO instant; slides forward with use. */
  expiresAt: string;
  customer: CustomerView;
}

/** GET /app/me */
export interface CustomerView {
  nickname: string | null;
  /** Like `138****0001`; null when not given yet. */
  phoneMasked: string | null;
  /** Does the person follow the service account? null: not known. */
  follows: boolean | null;
  /** Where this session came from. */
  signedInWith: 'mini-program' | 'official-account';
}

/** GET /app/sessions */
export interface DeviceView {
  id: string;
  device: string;
  signedInWith: 'mini-program' | 'official-account';
  lastSeenAt: string;
  isCurrent: boolean;
}

/** POST /app/me/phone */
export interface PhoneBody {
  /** From `button open-type="getPhoneNumber"`; not the login code. */
  code: string;
}

/** GET /app/settings: what the page must know before anyone signs in. */
export interface FrontSettings {
  /** Address of WeChat's JS-SDK script. */
  jsSdkScript: string;
  officialAccountAppid: string;
  officialAccountName: string;
  /** Message templates to ask consent for when paying in the mini-program. */
  consentTemplateIds: string[];
  agencyName: string;
  /** Whether owners can let WeChat answer to us about their accounts. */
  canAuthorise: boolean;
}

/** GET /app/js-sdk?url= : parameters of `wx.config`. */
export interface JsSdkView {
  appId: string;
  /** Seconds. */
  timestamp: number;
  nonceStr: string;
  signature: string;
}

/** POST /app/message-consents: what `wx.requestSubscribeMessage` answered; a hint, WeChat's push is the proof. */
export interface MessageConsentsBody {
  answers: { templateId: string; answer: 'accept' | 'reject' | 'ban' | 'filter' }[];
}

// ---- catalogue -------------------------------------------------------------

/** GET /app/services */
export interface ServiceSummaryView {
  code: string;
  name: string;
  summary: string;
  /** Lowest price of a package, fen, without government fees; null when nothing is on sale. */
  fromFen: number | null;
  category: string;
}

export interface PackageView {
  code: string;
  name: string;
  summary: string;
  /** What the customer gets, one sentence a line. */
  includes: string[];
  /** Fen, government fees not included. */
  priceFen: number;
  governmentFees: { name: string; amountFen: number }[];
  /** Service and government fees together, fen. */
  totalFen: number;
  plans: PaymentPlanView[];
  /** Must the customer name a province? */
  needsProvince: boolean;
}

/** At once, or in instalments by milestone. */
export interface PaymentPlanView {
  code: string;
  name: string;
  instalments: { name: string; milestone: string; milestoneName: string; amountFen: number }[];
}

export interface PreCheckQuestionView {
  code: string;
  question: string;
  /** Shown under the question. */
  hint?: string | undefined;
  /** A “no” to a required question stops the order. */
  required: boolean;
  /** Codes of the packages that it is asked for; null: for all. */
  packages: string[] | null;
}

/** GET /app/services/:code */
export interface ServiceView {
  code: string;
  /** The version that an order must name. */
  version: number;
  name: string;
  category: string;
  summary: string;
  description: string[];
  packages: PackageView[];
  preCheck: PreCheckQuestionView[];
  refundRule: string[];
}

export type PreCheckAnswer = 'yes' | 'no' | 'unknown';

/** POST /app/services/:code/pre-checks */
export interface PreCheckBody {
  packageCode: string;
  answers: Record<string, PreCheckAnswer>;
}

export interface PreCheckView {
  /** fail when a required answer is “no”, pass when every answer is “yes”, else unknown: staff will look at it. */
  verdict: PreCheckVerdict;
  canOrder: boolean;
  items: { code: string; question: string; answer: PreCheckAnswer; verdict: PreCheckVerdict; advice: string | null }[];
}

// ---- orders ----------------------------------------------------------------

/** For whom the work is done. */
export type BuyerBody =
  | { kind: 'company'; companyName: string; creditCode: string; contactName: string; contactPhone: string }
  | { kind: 'person'; contactName: string; contactPhone: string };

/** POST /app/orders, with an `Idempotency-Key` header. Prices come from the catalogue, never from here. */
export interface PlaceOrderBody {
  serviceCode: string;
  /** The version that the customer saw. */
  serviceVersion: number;
  packageCode: string;
  planCode: string;
  province?: string | undefined;
  buyer: BuyerBody;
  answers: Record<string, PreCheckAnswer>;
  note?: string | undefined;
}

export interface OrderLineView {
  kind: LineKind;
  name: string;
  amountFen: number;
}

export interface InstalmentView {
  /** 1, 2, … */
  position: number;
  name: string;
  milestoneName: string;
  amountFen: number;
  state: InstalmentState;
  paidAt: string | null;
}

export interface MilestoneView {
  code: string;
  name: string;
  reachedAt: string | null;
}

/** One row of GET /app/orders. */
export interface OrderSummaryView {
  number: string;
  state: OrderState;
  serviceName: string;
  packageName: string;
  amountFen: number;
  paidFen: number;
  /** Due now, fen; 0 when nothing is. */
  dueFen: number;
  placedAt: string;
  /** When an unpaid order will be closed; null when it will not. */
  expiresAt: string | null;
}

/** GET /app/orders/:number */
export interface OrderView extends OrderSummaryView {
  serviceCode: string;
  serviceVersion: number;
  province: string | null;
  buyer: {
    kind: 'company' | 'person';
    companyName: string | null;
    creditCode: string | null;
    contactName: string;
    contactPhoneMasked: string;
  };
  note: string | null;
  cancelReason: CancelReason | null;
  cancelledAt: string | null;
  lines: OrderLineView[];
  instalments: InstalmentView[];
  milestones: MilestoneView[];
  preCheck: PreCheckView['items'];
  /** Can something be paid right now? */
  canPay: boolean;
  canCancel: boolean;
  /** The attempt under way, if there is one. */
  payment: PaymentView | null;
  /** Money that arrived but was not counted, and is being looked at. */
  disputedFen: number;
}

// ---- payments --------------------------------------------------------------

/** POST /app/orders/:number/payments */
export interface StartPaymentBody {
  way: PaymentWay;
}

/** What the phone hands to `wx.requestPayment` or `WeixinJSBridge`; WeChat's own names. */
export interface PayParameters {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}

export interface PaymentView {
  number: string;
  way: PaymentWay;
  state: PaymentState;
  amountFen: number;
  expiresAt: string;
  paidAt: string | null;
}

export interface StartedPaymentView extends PaymentView {
  /** mini-program and official-account */
  payParameters: PayParameters | null;
  /** native: an SVG picture of the code, and the code itself */
  qrSvg: string | null;
  codeUrl: string | null;
  /** h5: where to send the browser */
  h5Url: string | null;
}

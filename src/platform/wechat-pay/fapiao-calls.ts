import { z } from 'zod';
import { checked, failure, isRefusedAs } from './errors.ts';
import { downloadFapiaoFile, type FapiaoFileOffer } from './fapiao-file.ts';
import { type FapiaoFact, type FapiaoNumbers, findFapiaoFact } from './fapiao.ts';
import type { FieldSeal } from './seal.ts';
import type { WechatPaySettings } from './settings.ts';
import type { Transport } from './transport.ts';

/** Whom a fapiao is made out to. */
export interface FapiaoBuyer {
  kind: 'person' | 'company';
  name: string;
  /** Of a company. */
  taxNumber: string | null;
  address: string | null;
  /** Printed. */
  telephone: string | null;
  bankName: string | null;
  bankAccount: string | null;
  /** Encrypted for WeChat; where news of the fapiao goes. */
  mobile?: string | undefined;
  email?: string | undefined;
}

/** One row: what is sold, once. */
export interface FapiaoGoods {
  /** 税收分类编码: 19 digits, as set up in the merchant's portal. */
  taxCode: string;
  name: string;
  /** Ten-thousandths: 600 is 6 %. */
  taxRate: number;
}

/** Which fapiao of which payment. */
export interface FapiaoAddress {
  /** WeChat's number of the payment, of which there is one application. */
  transactionId: string;
  /** Ours, 1 to 32 of `0-9A-Za-z_-`: the same fapiao whenever it is asked for; after `issue_failed` another one. */
  fapiaoId: string;
}

export interface FapiaoOrder extends FapiaoAddress {
  amountFen: number;
  buyer: FapiaoBuyer;
  goods: FapiaoGoods;
  /** Printed. */
  remark?: string | undefined;
}

/** Fully digitised ones know four reasons; the two that are spelled in one way only are used. */
export type ReverseReason = 'mistake' | 'returned';

/**
 * Electronic fapiao for payments of ours. What changes something is **not** safe to repeat: a repeat may be refused although it was accepted
 * before, so after a refusal as after an outcome that nobody knows, WeChat is asked how the fapiao stands.
 */
export interface WechatPayFapiao {
  /** Asks for one; the answer says no more than that it was accepted. WeChat puts it into the payer's card pack by itself. */
  issueFapiao(order: FapiaoOrder): Promise<void>;
  /** Null when WeChat says that it has no such fapiao; right after a call without an answer that is no proof. */
  findFapiao(address: FapiaoAddress): Promise<FapiaoFact | null>;
  /** Asks for a red one that takes it back as a whole. After a failed reversal, five minutes later again. */
  reverseFapiao(
    address: FapiaoAddress,
    blue: Pick<FapiaoNumbers, 'number' | 'code'>,
    why: ReverseReason,
  ): Promise<void>;
  /** The PDF of one that was issued by WeChat, proved by its digest. */
  downloadFapiao(address: FapiaoAddress, fact: FapiaoFact): Promise<Buffer>;
  /** How fapiao look in card packs of a service account's followers; takes the place of what was there. Nothing is issued without one. */
  setFapiaoCard(card: { appid: string; logoUrl: string }): Promise<void>;
  /** Where news of fapiao goes; null when nobody is told. */
  findFapiaoUrl(): Promise<string | null>;
  setFapiaoUrl(url: string): Promise<void>;
}

const FAPIAO = '/v3/new-tax-control-fapiao';
const APPLICATIONS = `${FAPIAO}/fapiao-applications`;
const OPTIONS = `${FAPIAO}/merchant/development-config`;
/** One piece (documentation «开具电子发票»: quantities are in 10⁻⁸). */
const ONE = 100_000_000;
const NOT_THERE = ['resource_not_exists', 'not_found'];
const REASONS: Readonly<Record<ReverseReason, { digital: string; words: string }>> = {
  mistake: { digital: 'ISSUE_ERROR', words: '开票有误' },
  returned: { digital: 'SALES_RETURN', words: '退款' },
};

const queryShape = z.object({ fapiao_information: z.array(z.unknown()).nullish() });
const filesShape = z.object({
  fapiao_download_info_list: z
    .array(z.object({ fapiao_id: z.string(), download_url: z.url({ protocol: /^https?$/ }).max(2048) }))
    .nullish(),
});
const optionsShape = z.object({ callback_url: z.string().nullish() });
const cardShape = z.object({ card_id: z.string().min(1) });

const addressShape = z.object({
  transactionId: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  fapiaoId: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/),
});
const printed = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .refine((text) => [...text].length <= max);
const sealedText = z.string().min(1).max(100).optional();
/** Limits: partner documentation 4015792574; of goods and remark none is published. */
const orderShape = addressShape.extend({
  amountFen: z.int().positive(),
  buyer: z
    .object({
      kind: z.enum(['person', 'company']),
      name: printed(256),
      taxNumber: printed(32).nullable(),
      address: printed(128).nullable(),
      telephone: printed(32).nullable(),
      bankName: printed(128).nullable(),
      bankAccount: printed(32).nullable(),
      mobile: sealedText,
      email: sealedText,
    })
    .refine(({ kind, taxNumber }) => kind === 'person' || taxNumber !== null),
  goods: z.object({ taxCode: z.string().regex(/^\d{19}$/), name: printed(90), taxRate: z.int().min(0).max(10_000) }),
  remark: printed(90).optional(),
});

export interface FapiaoCallOptions {
  transport: Transport;
  settings: WechatPaySettings;
  /** What fields for WeChat are encrypted with. */
  fieldSeal: () => FieldSeal;
}

export function fapiaoCalls({ transport, settings, fieldSeal }: FapiaoCallOptions): WechatPayFapiao {
  const get = (target: string) => transport.call({ method: 'GET', target, text: '' });

  async function offerOf(address: FapiaoAddress): Promise<FapiaoFileOffer> {
    const { path, query } = targetOf(address);
    const { data } = filesShape.safeParse(await get(`${path}/fapiao-files?${query}`));
    const file = data?.fapiao_download_info_list?.find(({ fapiao_id }) => fapiao_id === address.fapiaoId);
    if (!file) throw failure('unknown', 'unexpected_answer');
    return { url: file.download_url };
  }

  return {
    async issueFapiao(wanted) {
      const order = checked(orderShape, wanted);
      const seal = order.buyer.mobile || order.buyer.email ? fieldSeal() : null;
      const text = JSON.stringify(bodyOf(order, seal));
      const serial = seal?.serial;
      await transport.call({ method: 'POST', target: APPLICATIONS, text, isOnce: true, ...(serial ? { serial } : {}) });
    },

    async findFapiao(address) {
      const { path, query } = targetOf(address);
      try {
        const { data } = queryShape.safeParse(await get(`${path}?${query}`));
        if (!data) throw failure('unknown', 'unexpected_answer');
        const rows = data.fapiao_information ?? [];
        if (rows.length === 0) return null;
        const facts = rows.map(findFapiaoFact);
        const fact = facts.find((one) => one?.fapiaoId === address.fapiaoId);
        if (!fact) throw failure('unknown', facts.includes(null) ? 'unexpected_answer' : 'answer_about_another_fapiao');
        return fact;
      } catch (error) {
        if (NOT_THERE.some((code) => isRefusedAs(error, code))) return null;
        throw error;
      }
    },

    async reverseFapiao(address, { number, code }, why) {
      const { digital, words } = REASONS[why];
      const one = {
        fapiao_id: address.fapiaoId,
        ...(code === null ? {} : { fapiao_code: code }),
        fapiao_number: number,
      };
      const body = { reverse_reason: code === null ? digital : words, fapiao_information: [one] };
      const target = `${targetOf(address).path}/reverse`;
      await transport.call({ method: 'POST', target, text: JSON.stringify(body), isOnce: true });
    },

    async downloadFapiao(address, { blue, card }) {
      if (!blue || !card) throw failure('refused', 'param_error', { cause: new Error('not sent, not issued') });
      return downloadFapiaoFile(settings, await offerOf(address), {
        mchid: settings.mchid,
        openid: card.openid,
        ...(blue.code === null ? {} : { invoice_code: blue.code }),
        invoice_no: blue.number,
        fapiao_id: address.fapiaoId,
      });
    },

    async setFapiaoCard({ appid, logoUrl }) {
      const body = { card_appid: appid, card_template_information: { logo_url: logoUrl } };
      const call = { method: 'POST', target: `${FAPIAO}/card-template`, text: JSON.stringify(body) } as const;
      if (!cardShape.safeParse(await transport.call(call)).success) throw failure('unknown', 'unexpected_answer');
    },

    async findFapiaoUrl() {
      try {
        const { data } = optionsShape.safeParse(await get(OPTIONS));
        if (!data) throw failure('unknown', 'unexpected_answer');
        return data.callback_url || null;
      } catch (error) {
        if (NOT_THERE.some((code) => isRefusedAs(error, code))) return null;
        throw error;
      }
    },

    async setFapiaoUrl(url) {
      await transport.call({ method: 'PATCH', target: OPTIONS, text: JSON.stringify({ callback_url: url }) });
    },
  };
}

/** Source: documentation «开具电子发票», and the typings of `openapi/v3/new-tax-control-fapiao/fapiao-applications`. */
function bodyOf({ transactionId, fapiaoId, amountFen, buyer, goods, remark }: FapiaoOrder, seal: FieldSeal | null) {
  const given = {
    taxpayer_id: buyer.taxNumber,
    address: buyer.address,
    telephone: buyer.telephone,
    bank_name: buyer.bankName,
    bank_account: buyer.bankAccount,
    phone: buyer.mobile && seal ? seal.close(buyer.mobile) : null,
    email: buyer.email && seal ? seal.close(buyer.email) : null,
  };
  return {
    scene: 'WITH_WECHATPAY',
    fapiao_apply_id: transactionId,
    buyer_information: {
      type: buyer.kind === 'company' ? 'ORGANIZATION' : 'INDIVIDUAL',
      name: buyer.name,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
    },
    fapiao_information: [
      {
        fapiao_id: fapiaoId,
        total_amount: amountFen,
        need_list: false,
        ...(remark === undefined ? {} : { remark }),
        items: [
          {
            tax_code: goods.taxCode,
            goods_name: goods.name,
            quantity: ONE,
            total_amount: amountFen,
            tax_rate: goods.taxRate,
            discount: false,
          },
        ],
      },
    ],
  };
}

/** @throws UpstreamError refused, before anything is sent */
function targetOf(address: FapiaoAddress): { path: string; query: string } {
  const { transactionId, fapiaoId } = checked(addressShape, address);
  return { path: `${APPLICATIONS}/${transactionId}`, query: `fapiao_id=${fapiaoId}` };
}

import Taro from '@tarojs/taro';
import type { MessageConsentsBody } from '../../../src/contracts/index.ts';
import { reportConsents } from '../api.ts';
import type { Payer, PayHint } from './payer-kind.ts';

type Answers = MessageConsentsBody['answers'];

/** WeChat takes at most five templates in one question. */
const MOST_TEMPLATES = 5;

export const payer: Payer = {
  way: () => Promise.resolve('mini-program'),

  // Before paying, not after: the message about this very payment needs the consent.
  async beforePaying(settings) {
    const templates = (settings?.consentTemplateIds ?? []).slice(0, MOST_TEMPLATES);
    if (templates.length === 0) return;
    const answers = await askConsent(templates);
    if (answers.length > 0) await reportConsents({ answers }).catch(() => undefined);
  },

  // With callbacks: Taro leaves this call as WeChat made it, and older base libraries give no promise.
  pay: ({ timeStamp, nonceStr, package: prepay, signType, paySign }) =>
    new Promise<PayHint>((resolve) => {
      void Taro.requestPayment({
        timeStamp,
        nonceStr,
        package: prepay,
        signType,
        paySign,
        success: () => resolve('ok'),
        fail: ({ errMsg }) => resolve(/cancel/.test(errMsg) ? 'cancelled' : 'failed'),
      });
    }),
};

/** Must run in the tap itself, with nothing awaited before. Refused, switched off or unknown here: no answers. */
async function askConsent(templates: string[]): Promise<Answers> {
  try {
    // Taro's types also demand Alipay's `entityIds`.
    const answered = { ...(await Taro.requestSubscribeMessage({ tmplIds: templates } as never)) } as Record<
      string,
      unknown
    >;
    return templates.flatMap((templateId) => {
      const answer = answered[templateId];
      return isAnswer(answer) ? [{ templateId, answer }] : [];
    });
  } catch {
    return [];
  }
}

const isAnswer = (answer: unknown): answer is Answers[number]['answer'] =>
  answer === 'accept' || answer === 'reject' || answer === 'ban' || answer === 'filter';

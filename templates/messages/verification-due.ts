import * as facts from './facts.ts';
import { date, thing } from './fields.ts';
import { message, servicePage, VERIFICATION_SERVICE } from './message.ts';
import { z } from 'zod';

/** The verification of an account must be renewed. */
export const verificationDue = message({
  name: 'verification-due',
  title: '微信认证年审提醒',
  event: '微信认证将到期',
  facts: z.strictObject({
    accountName: facts.name,
    dueDay: facts.day,
    advice: facts.typed,
  }),
  fields: {
    thing1: ['账号名称', ({ accountName }) => thing(accountName)],
    date2: ['截止日期', ({ dueDay }) => date(dueDay)],
    thing3: ['温馨提示', ({ advice }) => thing(advice)],
  },
  page: () => servicePage(VERIFICATION_SERVICE),
});

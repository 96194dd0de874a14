import * as facts from './facts.ts';
import { date, thing } from './fields.ts';
import { message, servicePage, VERIFICATION_SERVICE } from './message.ts';
import { z } from 'zod';

/** The verification of an account ran out; what it unlocked is gone. */
export const verificationExpired = message({
  name: 'verification-expired',
  title: '微信认证过期通知',
  event: '微信认证已过期',
  facts: z.strictObject({
    accountName: facts.name,
    expiredDay: facts.day,
    effect: facts.typed,
  }),
  fields: {
    thing1: ['账号名称', ({ accountName }) => thing(accountName)],
    date2: ['过期日期', ({ expiredDay }) => date(expiredDay)],
    thing3: ['影响说明', ({ effect }) => thing(effect)],
  },
  page: () => servicePage(VERIFICATION_SERVICE),
});

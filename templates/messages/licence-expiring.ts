import * as facts from './facts.ts';
import { characterString, date, thing } from './fields.ts';
import { message, ordersPage } from './message.ts';
import { z } from 'zod';

/** A licence runs out. */
export const licenceExpiring = message({
  name: 'licence-expiring',
  title: '许可证到期提醒',
  event: '许可证将到期',
  facts: z.strictObject({
    licenceName: facts.name,
    licenceNumber: facts.number,
    expiresDay: facts.day,
    advice: facts.typed,
  }),
  fields: {
    thing1: ['证件名称', ({ licenceName }) => thing(licenceName)],
    character_string2: ['证件编号', ({ licenceNumber }) => characterString(licenceNumber)],
    date3: ['到期日期', ({ expiresDay }) => date(expiresDay)],
    thing4: ['温馨提示', ({ advice }) => thing(advice)],
  },
  page: ordersPage,
});

import * as facts from './facts.ts';
import { characterString, date, thing } from './fields.ts';
import { message, ordersPage } from './message.ts';
import { z } from 'zod';

/** The annual report of a licence is due. */
export const annualReportDue = message({
  name: 'annual-report-due',
  title: '许可证年报提醒',
  event: '许可证年报将截止',
  facts: z.strictObject({
    licenceName: facts.name,
    licenceNumber: facts.number,
    dueDay: facts.day,
    advice: facts.typed,
  }),
  fields: {
    thing1: ['证件名称', ({ licenceName }) => thing(licenceName)],
    character_string2: ['证件编号', ({ licenceNumber }) => characterString(licenceNumber)],
    date3: ['截止日期', ({ dueDay }) => date(dueDay)],
    thing4: ['温馨提示', ({ advice }) => thing(advice)],
  },
  page: ordersPage,
});

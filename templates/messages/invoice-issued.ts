import * as facts from './facts.ts';
import { amount, characterString, date, thing } from './fields.ts';
import { message, orderPage } from './message.ts';
import { z } from 'zod';

/** Finance issued the invoice. */
export const invoiceIssued = message({
  name: 'invoice-issued',
  title: '发票开具通知',
  event: '发票已开具',
  facts: z.strictObject({
    orderNumber: facts.orderNumber,
    title: facts.name,
    amountFen: facts.fen,
    issuedDay: facts.day,
  }),
  fields: {
    character_string1: ['订单编号', ({ orderNumber }) => characterString(orderNumber)],
    thing2: ['发票抬头', ({ title }) => thing(title)],
    amount3: ['发票金额', ({ amountFen }) => amount(amountFen)],
    date4: ['开票日期', ({ issuedDay }) => date(issuedDay)],
  },
  page: orderPage,
});

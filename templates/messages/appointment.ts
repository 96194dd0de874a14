import * as facts from './facts.ts';
import { thing, time } from './fields.ts';
import { message, ordersPage } from './message.ts';
import { z } from 'zod';

/** Somebody will meet or call the customer. */
export const appointment = message({
  name: 'appointment',
  title: '预约提醒',
  event: '预约事项',
  facts: z.strictObject({
    topic: facts.typed,
    plannedAt: facts.instant,
    place: facts.typed,
    contact: facts.typed,
  }),
  fields: {
    thing1: ['预约事项', ({ topic }) => thing(topic)],
    time2: ['预约时间', ({ plannedAt }) => time(plannedAt)],
    thing3: ['预约地点', ({ place }) => thing(place)],
    thing4: ['联系人', ({ contact }) => thing(contact)],
  },
  page: ordersPage,
});

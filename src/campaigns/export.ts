import { MoreThan } from 'typeorm';
import type { Campaign } from '../../entities/campaign.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { messageApps } from '../contracts/messages.ts';
import type { DeliveryState } from '../contracts/states.ts';
import { shanghaiTime } from '../platform/calendar.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { presentDeliveries } from './list.ts';

const AT_ONCE = 1000;

/** Every person of a campaign and how it ended for them, as a table. */
export const exportDeliveries = (work: Work, { id, name }: Campaign, state?: DeliveryState): Sheet => ({
  // Spreadsheets refuse some signs in names of sheets, and more than 31 of any.
  name: name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31),
  columns: [
    { title: '客户', width: 20 },
    { title: '订单编号', width: 18 },
    { title: '状态', width: 16 },
    { title: '渠道', width: 18 },
    { title: '原因', width: 30 },
    { title: '发送时间', width: 20 },
    { title: '结束时间', width: 20 },
    { title: '消息编号', width: 38 },
  ],
  rows: rowsOf(work, id, state),
});

async function* rowsOf(work: Work, campaignId: string, state?: DeliveryState) {
  for (let after = ''; ;) {
    const slice = await work.db.find(MessageDelivery, {
      where: { campaignId, id: MoreThan(after), ...(state ? { state } : {}) },
      order: { id: 'ASC' },
      take: AT_ONCE,
    });
    const views = await presentDeliveries(work, slice);
    for (const [at, view] of views.entries()) {
      const { orderNumber } = slice[at]!.facts;
      yield [
        view.nickname ?? '',
        typeof orderNumber === 'string' ? orderNumber : '',
        view.stateWords,
        view.channel ? messageApps[view.channel] : '',
        view.reasonWords ?? '',
        view.sentAt ? shanghaiTime(view.sentAt) : '',
        view.endedAt ? shanghaiTime(view.endedAt) : '',
        view.id,
      ];
    }
    if (slice.length < AT_ONCE) return;
    after = slice.at(-1)!.id;
  }
}

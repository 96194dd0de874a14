import type { Kit } from '../kit.ts';
import type { Movement } from './account.ts';
import { Bills } from './bills/state.ts';
import type { Complaint } from './complaint.ts';
import type { ComplaintImage } from './complaint-images.ts';
import { FapiaoState } from './fapiao/state.ts';
import { KeyRing } from './key-ring.ts';
import { defaultNoticeSettings, type Notice, type NoticeSettings } from './notice.ts';
import type { Order, Prepay } from './order.ts';
import type { Refund } from './refund.ts';
import { defaultPaySettings, type PaySettings } from './settings.ts';

/** What WeChat Pay remembers of one merchant. */
export class PayState {
  readonly settings: PaySettings;
  readonly noticeSettings: NoticeSettings = defaultNoticeSettings();
  readonly keys: KeyRing;
  /** By out_trade_no. */
  readonly orders = new Map<string, Order>();
  /** By out_refund_no. */
  readonly refunds = new Map<string, Refund>();
  /** By WeChat's id. */
  readonly complaints = new Map<string, Complaint>();
  /** Images of complaints by their media id. */
  readonly images = new Map<string, ComplaintImage>();
  /** Where news of complaints goes; nobody is told when null. */
  complaintUrl: string | null = null;
  readonly fapiao = new FapiaoState();
  /** Every movement of the merchant's money, oldest first. */
  readonly movements: Movement[] = [];
  readonly bills = new Bills();
  /** By id. */
  readonly notices = new Map<string, Notice>();
  /** Virtual seconds of the nonces that were used. */
  readonly nonces = new Map<string, number>();
  readonly rate = { second: 0, calls: 0 };

  constructor(kit: Kit) {
    this.settings = defaultPaySettings(kit);
    this.keys = new KeyRing(kit);
  }

  findPrepay(matches: (prepay: Prepay) => boolean): { order: Order; prepay: Prepay } | null {
    for (const order of this.orders.values()) {
      const prepay = order.prepays.find(matches);
      if (prepay) return { order, prepay };
    }
    return null;
  }
}

import { randomUUID } from 'node:crypto';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { Job } from '../../entities/job.ts';
import { MessageDelivery } from '../../entities/message-delivery.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import type { Person } from '../../simulator/src/people.ts';
import { say } from '../../src/messages/index.ts';
import type { MessageFacts } from '../../templates/messages/index.ts';
import type { Phone } from '../support/phone.ts';
import { startWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

/** A message as the person sees it in the chat. */
export interface Card {
  msgid: string;
  kind: 'template' | 'subscribe';
  title: string;
  rows: { label: string; value: string }[];
  url?: string;
  page?: string;
  clientMsgId?: string;
}

/** Somebody whom messages are for. */
export interface Addressee {
  customerId: string;
  personId: string;
  phone: Phone;
  accountOpenid: string;
  programOpenid: string;
}

export const FACTS: MessageFacts['order-paid'] = {
  orderNumber: 'TB26112204815926',
  serviceName: '呼叫中心业务经营许可证',
  amountFen: 129_900,
  paidAt: '2026-11-22T07:04:05.000Z',
};

/** Tests of messages: one world, a new customer for each story. */
export class MessageWorld {
  readonly test: TestWorld;
  readonly programTemplate: string;

  private constructor(test: TestWorld) {
    this.test = test;
    this.programTemplate = test.config.MINI_PROGRAM_TEMPLATES['order-paid'] ?? '';
  }

  static async start(options: TestWorldOptions = {}): Promise<MessageWorld> {
    const world = await startWorld({
      ...options,
      environment: { WECHAT_API_TIMEOUT_MS: '4000', ...options.environment },
    });
    await world.lever('/official-account/settings', { finishEvents: 'held' });
    await world.lever('/mini-program/settings', { finishEvents: 'held' });
    return new MessageWorld(world);
  }

  get desk() {
    return this.test.world.desk;
  }

  lever<T = unknown>(address: string, body?: unknown, method?: string): Promise<T> {
    return this.test.lever<T>(address, body, method);
  }

  fault(path: string, kind: string, more: object = {}): Promise<unknown> {
    return this.lever('/faults', { path, kind, ...more });
  }

  /** Has signed in to the mini-program; follows the account, and we know it, when wanted; has allowed some messages. */
  async customer({ follows = false, consents = 0 } = {}): Promise<Addressee> {
    const phone = await this.test.person();
    const { personId } = phone;
    await phone.signInMiniProgram();
    if (follows) await this.lever(`/people/${personId}/follow`, {});
    for (let n = 0; n < consents; n += 1) {
      await this.lever(`/people/${personId}/mini-program/subscribe`, this.asked());
      // Nobody taps twice in one second, and WeChat's pushes tell no finer.
      await this.test.advance(1000);
    }
    await this.lever('/pushes/settled', {});
    await this.test.settle();
    const { openids } = (await this.lever<Person[]>('/people')).find(({ id }) => id === personId)!;
    const accountOpenid = openids[this.test.config.OFFICIAL_ACCOUNT_APPID]!;
    const programOpenid = openids[this.test.config.MINI_PROGRAM_APPID]!;
    const { customerId } = await this.desk.db.findOneByOrFail(WechatIdentity, { openid: programOpenid });
    return { customerId, personId, phone, accountOpenid, programOpenid };
  }

  asked(answer: 'accept' | 'reject' = 'accept') {
    return { templateIds: [this.programTemplate], answer };
  }

  /** Decides to tell; what follows is for the job. */
  async tell(
    { customerId }: Pick<Addressee, 'customerId'>,
    about = `payment:${randomUUID()}`,
    facts = FACTS,
  ): Promise<string> {
    await this.desk.transaction((work) => say(work, 'order-paid', { customerId, about, facts }));
    return (await this.desk.db.findOneByOrFail(MessageDelivery, { customerId, about })).id;
  }

  delivery(id: string): Promise<MessageDelivery> {
    return this.desk.db.findOneByOrFail(MessageDelivery, { id });
  }

  /** Tells, and does everything that is due now. */
  async told(to: Pick<Addressee, 'customerId'>): Promise<MessageDelivery> {
    const id = await this.tell(to);
    await this.test.settle();
    return this.delivery(id);
  }

  cards({ personId }: Addressee): Promise<Card[]> {
    return this.lever<Card[]>(`/messages?person=${personId}`);
  }

  /** What we count. */
  async counted({ programOpenid }: Addressee): Promise<number> {
    return (await this.desk.db.sum(ConsentEntry, 'delta', { openid: programOpenid })) ?? 0;
  }

  calls(path: string): Promise<unknown[]> {
    return this.lever<unknown[]>(`/calls?path=${encodeURIComponent(path)}`);
  }

  /** The job of a message, while there is one. */
  async job(deliveryId: string): Promise<Job | undefined> {
    const jobs = await this.desk.db.findBy(Job, { kind: 'message.deliver' });
    return jobs.find(({ payload }) => payload.deliveryId === deliveryId);
  }

  /** Time goes on until the job of a message is due; it is done. */
  async untilTriedAgain(deliveryId: string): Promise<void> {
    const job = await this.job(deliveryId);
    const { sendingUntil } = await this.delivery(deliveryId);
    const at = Math.max(job!.runAt.getTime(), sendingUntil?.getTime() ?? 0);
    await this.test.advance(Math.max(0, at - this.desk.now().getTime()) + 1);
  }

  /** Nothing of one story reaches the next. */
  async clear(): Promise<void> {
    await this.lever('/faults', undefined, 'DELETE');
    await this.test.settle();
    await this.desk.transaction(async (work) => void (await work.db.deleteAll(Job)));
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}

export const SEND_TEMPLATE = '/cgi-bin/message/template/send';
export const SEND_SUBSCRIBE = '/cgi-bin/message/subscribe/send';

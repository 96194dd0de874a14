import { MessageDelivery } from '../../entities/message-delivery.ts';
import type { Order } from '../../entities/order.ts';
import type { CampaignBody, CampaignProgressView, CampaignView } from '../../src/contracts/index.ts';
import { buildOrder, buildPeople, receivedIn, type Somebody, type SomebodyOptions } from '../support/people.ts';
import { buildStaff, type StaffClient } from '../support/staff.ts';
import { startWorld, type TestWorld, type TestWorldOptions } from '../support/world.ts';

/** Campaigns on a real server, with people made in bulk: in WeChat and in our books at once, as if they had signed in. */
export class CampaignWorld {
  private constructor(
    readonly test: TestWorld,
    readonly supervisor: StaffClient,
    readonly second: StaffClient,
  ) {}

  static async start(options: TestWorldOptions = {}): Promise<CampaignWorld> {
    const test = await startWorld({
      ...options,
      environment: {
        STAFF_SIGN_IN_LIMIT_PER_MINUTE: '100000',
        SENDS_PER_SECOND: '5000',
        WECHAT_API_TIMEOUT_MS: '4000',
        ...options.environment,
      },
    });
    return new CampaignWorld(test, await buildStaff(test, ['supervisor']), await buildStaff(test, ['supervisor']));
  }

  get desk() {
    return this.test.world.desk;
  }

  people(count: number, optionsOf?: (at: number) => SomebodyOptions): Promise<Somebody[]> {
    const { simulator, world, clock } = this.test;
    return buildPeople({ simulator, database: world.database, now: () => clock.now() }, count, optionsOf);
  }

  order(customerId: string): Order {
    return buildOrder(customerId, this.desk.now());
  }

  body(wanted: Partial<CampaignBody> = {}): CampaignBody {
    return {
      name: '十一月材料催收',
      message: 'materials-wanted',
      event: '电销卡审核需补交材料',
      facts: { materials: '营业执照副本', dueAt: '2027-01-31T10:00:00Z' },
      audience: { kind: 'query', query: { services: ['sim-review'] } },
      ...wanted,
    };
  }

  draft(wanted: Partial<CampaignBody> = {}, who = this.supervisor): Promise<CampaignView> {
    return who.data<CampaignView>('POST', '/staff/campaigns', this.body(wanted));
  }

  async rehearsed(wanted: Partial<CampaignBody> = {}, who = this.supervisor): Promise<CampaignView> {
    const { id } = await this.draft(wanted, who);
    return who.data<CampaignView>('POST', `/staff/campaigns/${id}/rehearsal`);
  }

  /** Drafted, rehearsed and released by the second person. */
  async released(wanted: Partial<CampaignBody> = {}): Promise<CampaignView> {
    const { id } = await this.rehearsed(wanted);
    return this.second.data<CampaignView>('POST', `/staff/campaigns/${id}/release`);
  }

  async see(id: string): Promise<CampaignView> {
    return this.supervisor.data<CampaignView>('GET', `/staff/campaigns/${id}`);
  }

  progress(id: string): Promise<CampaignProgressView> {
    return this.supervisor.data<CampaignProgressView>('GET', `/staff/campaigns/${id}/progress`);
  }

  deliveries(campaignId: string): Promise<MessageDelivery[]> {
    return this.desk.db.find(MessageDelivery, { where: { campaignId }, order: { id: 'ASC' } });
  }

  received(): Map<string, number> {
    return receivedIn(this.test.simulator);
  }

  stop(): Promise<void> {
    return this.test.stop();
  }
}

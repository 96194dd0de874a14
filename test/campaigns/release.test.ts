import type { AuditEntryView } from '../../src/contracts/index.ts';
import { buildStaff } from '../support/staff.ts';
import { CampaignWorld } from './campaign-world.ts';

let world: CampaignWorld;
beforeEach(
  async () => void (world = await CampaignWorld.start({ environment: { CAMPAIGN_SECOND_PERSON_ABOVE: '3' } })),
  60_000,
);
afterEach(() => world.stop());

const DAY_MS = 24 * 3600_000;
const release = (id: string, who = world.second) => who.codeOf('POST', `/staff/campaigns/${id}/release`);

describe('Releasing a campaign', () => {
  it('above the configured size takes a second person', async () => {
    await world.people(4);
    const { id, rehearsal } = await world.rehearsed();
    expect(rehearsal!.needsSecondPerson).toBe(true);
    expect(await release(id, world.supervisor)).toBe('campaign.second_person_needed');
    const consultant = await buildStaff(world.test, ['consultant']);
    expect(await release(id, consultant)).toBe('staff.not_allowed');
    expect(await world.supervisor.codeOf('POST', `/staff/campaigns/${id}/submission`)).toBe(200);
    expect((await world.see(id)).state).toBe('awaiting_release');
    expect(await release(id)).toBe(200);
    await world.test.settle();
    expect((await world.progress(id)).counts).toMatchObject({ accepted: 4 });
    const auditor = await buildStaff(world.test, ['auditor']);
    const trail = await auditor.data<AuditEntryView[]>('GET', `/staff/audit?subjectId=${id}`);
    expect(trail.map(({ deed }) => deed)).toEqual([
      'campaign-released',
      'campaign-submitted',
      'campaign-rehearsed',
      'campaign-drafted',
    ]);
    expect(trail[0]!.actor.name).not.toBe(trail[1]!.actor.name);
  });

  it('to few people is for who prepared it', async () => {
    await world.people(3);
    const { id } = await world.rehearsed();
    expect(await release(id, world.supervisor)).toBe(200);
  });

  it('happens once, of two at the same moment', async () => {
    await world.people(4);
    const { id } = await world.rehearsed();
    const third = await buildStaff(world.test, ['supervisor']);
    const answers = await Promise.all([release(id), release(id, third), release(id)]);
    expect(answers.toSorted()).toEqual([200, 'campaign.illegal_move', 'campaign.illegal_move']);
    await world.test.settle();
    expect([...world.received().values()]).toEqual([1, 1, 1, 1]);
  });

  it('and everything before and after is for who prepared it, and for who releases', async () => {
    await world.people(2);
    const consultant = await buildStaff(world.test, ['consultant']);
    const colleague = await buildStaff(world.test, ['consultant']);
    const { id } = await world.rehearsed({}, consultant);
    const address = `/staff/campaigns/${id}`;
    for (const [method, where] of [
      ['PATCH', address],
      ['POST', `${address}/rehearsal`],
      ['POST', `${address}/submission`],
      ['POST', `${address}/release`],
      ['POST', `${address}/stop`],
    ] as const)
      expect([where, await colleague.codeOf(method, where, {})]).toEqual([where, 'staff.not_allowed']);
    expect(await world.supervisor.codeOf('POST', `${address}/submission`)).toBe(200);
    expect(await consultant.codeOf('POST', `${address}/release`)).toBe(200);
    for (const deed of ['pause', 'resume', 'stop'])
      expect([deed, await colleague.codeOf('POST', `${address}/${deed}`)]).toEqual([deed, 'staff.not_allowed']);
  });

  it('needs a rehearsal of what it is now, not older than a day', async () => {
    await world.people(2);
    const draft = await world.draft();
    expect(await release(draft.id)).toBe('campaign.rehearse_first');
    const { id } = await world.rehearsed();
    const changed = { facts: { materials: '公司章程', dueAt: '2027-01-31T10:00:00Z' } };
    await world.supervisor.data('PATCH', `/staff/campaigns/${id}`, changed);
    expect(await release(id)).toBe('campaign.rehearse_first');
    await world.supervisor.data('POST', `/staff/campaigns/${id}/rehearsal`);
    world.test.clock.advance(DAY_MS);
    await world.second.signIn(world.test.clock.now());
    expect(await release(id)).toBe('campaign.rehearse_first');
  });

  it('is not undone by a change, and what was asked for is taken back by one', async () => {
    await world.people(2);
    const { id } = await world.rehearsed();
    await world.supervisor.data('POST', `/staff/campaigns/${id}/submission`);
    expect(
      (await world.supervisor.data<{ state: string }>('PATCH', `/staff/campaigns/${id}`, { name: '改名' })).state,
    ).toBe('draft');
    const other = await world.released();
    expect(await world.supervisor.codeOf('PATCH', `/staff/campaigns/${other.id}`, { name: '改名' })).toBe(
      'campaign.not_editable',
    );
    expect(await world.supervisor.codeOf('POST', `/staff/campaigns/${other.id}/rehearsal`)).toBe(
      'campaign.not_editable',
    );
  });
});

import type { SegmentView } from '../../src/contracts/index.ts';
import { CampaignWorld } from '../campaigns/campaign-world.ts';
import { buildStaff } from '../support/staff.ts';

let world: CampaignWorld;
beforeAll(async () => {
  world = await CampaignWorld.start();
  await world.people(3, () => ({ follows: true, order: { province: '广东省' } }));
  await world.people(2, () => ({ follows: true, order: { province: '浙江省' } }));
}, 60_000);
afterAll(() => world.stop());

const query = { services: ['sim-review'], provinces: ['广东省'] };
const save = (name: string) => world.supervisor.data<SegmentView>('POST', '/staff/segments', { name, query });
const peopleOf = async (id: string) => world.supervisor.data('GET', `/staff/segments/${id}/people`);

describe('A segment', () => {
  it('is saved under a name, counted, changed and removed', async () => {
    const segment = await save('广东电销卡');
    expect(segment).toMatchObject({ name: '广东电销卡', query });
    expect(await peopleOf(segment.id)).toEqual({ people: 3 });
    const address = `/staff/segments/${segment.id}`;
    await world.supervisor.data('PATCH', address, { query: { services: ['sim-review'] } });
    expect(await peopleOf(segment.id)).toEqual({ people: 5 });
    expect(await world.supervisor.pages<SegmentView>('/staff/segments?limit=1')).toHaveLength(1);
    expect(await world.supervisor.codeOf('DELETE', address)).toBe(204);
    expect(await world.supervisor.codeOf('DELETE', address)).toBe('audience.segment_not_found');
    expect(await world.supervisor.codeOf('GET', `${address}/people`)).toBe('audience.segment_not_found');
  });

  it('has a name of its own, filters that say whom it concerns, and a maker who may', async () => {
    const { id } = await save('一');
    const other = await save('二');
    const post = (body: object, who = world.supervisor) => who.codeOf('POST', '/staff/segments', body);
    expect(await post({ name: '一', query })).toBe('audience.segment_name_taken');
    expect(await world.supervisor.codeOf('PATCH', `/staff/segments/${other.id}`, { name: '一' })).toBe(
      'audience.segment_name_taken',
    );
    expect(await post({ name: '三', query: { provinces: ['广东省'] } })).toBe('request.invalid');
    expect(await post({ name: ' ', query })).toBe('request.invalid');
    expect(await post({ name: '四', query }, await buildStaff(world.test, ['finance']))).toBe('staff.not_allowed');
    expect(await peopleOf(id)).toEqual({ people: 3 });
  });
});

it('A campaign to a segment goes to whom the rehearsal found by it, whatever becomes of the segment', async () => {
  const { id: segmentId } = await save('广东');
  const { id, rehearsal } = await world.rehearsed({ audience: { kind: 'segment', segmentId } });
  expect(rehearsal).toMatchObject({ people: 3 });
  await world.supervisor.data('PATCH', `/staff/segments/${segmentId}`, { query: { services: ['sim-review'] } });
  await world.supervisor.codeOf('DELETE', `/staff/segments/${segmentId}`);
  await world.second.data('POST', `/staff/campaigns/${id}/release`);
  await world.test.settle();
  expect(world.received().size).toBe(3);
  const gone = world.body({ audience: { kind: 'segment', segmentId } });
  expect(await world.supervisor.codeOf('POST', '/staff/campaigns', gone)).toBe('audience.segment_not_found');
});

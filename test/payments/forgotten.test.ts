import { Job } from '../../entities/job.ts';
import { chaseForgotten, expireForgotten } from '../../src/payments/index.ts';
import { startWorld, type TestWorld } from '../support/world.ts';
import { paymentsOf } from '../support/books.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

/** Everything that waits is given up, as after days without WeChat. */
const giveUpAll = async () => {
  const { desk } = world.world;
  await desk.transaction((work) => work.db.update(Job, { state: 'waiting' }, { state: 'dead', uniqueKey: null }));
};
const waiting = async (kind: string) => world.world.desk.db.countBy(Job, { kind, state: 'waiting' });

it('an order and its payment, whose closing was given up, are found by timed work and closed after all', async () => {
  const { desk } = world.world;
  const customer = await world.person();
  await customer.signInMiniProgram();
  const order = await customer.order();
  await customer.startPayment(order.number);
  await giveUpAll();

  await world.advance(25 * 3600_000);
  expect((await customer.seeOrder(order.number)).state).toBe('awaiting_payment');
  expect((await paymentsOf(world.world)).map(({ state }) => state)).toEqual(['open']);

  expect([await chaseForgotten(desk), await expireForgotten(desk)]).toEqual([1, 1]);
  expect([await chaseForgotten(desk), await expireForgotten(desk)]).toEqual([1, 1]);
  expect([await waiting('payment.chase'), await waiting('order.expire')]).toEqual([1, 1]);

  // Given up once more: the keys of those jobs are free again.
  await giveUpAll();
  await chaseForgotten(desk);
  await expireForgotten(desk);
  await world.settle();
  expect(await customer.seeOrder(order.number)).toMatchObject({ state: 'cancelled', cancelReason: 'expired' });
  expect((await paymentsOf(world.world)).map(({ state }) => state)).toEqual(['closed']);
  expect([await chaseForgotten(desk), await expireForgotten(desk)]).toEqual([0, 0]);
});

it('an order that may still be paid is left alone', async () => {
  const customer = await world.person();
  await customer.signInMiniProgram();
  await customer.order();
  expect(await expireForgotten(world.world.desk)).toBe(0);
});

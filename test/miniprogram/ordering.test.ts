import { buyerFaults, isCreditCode, isPhone, tidyCode } from '../../miniprogram/src/buyer-checks.ts';
import { afterPaying, untilDecided } from '../../miniprogram/src/confirm-payment.ts';
import { emptyForm, faultsElsewhere, faultsOfForm, wishOf } from '../../miniprogram/src/order-form.ts';
import { isSettled, keyOf, mayStillCome } from '../../miniprogram/src/pending-wish.ts';
import type { Shelf } from '../../miniprogram/src/pending-wish.ts';
import { everyPage } from '../../miniprogram/src/reading.ts';
import { Refusal } from '../../miniprogram/src/refusal.ts';
import type { ErrorCode, PaymentView, PlaceOrderBody } from '../../src/contracts/index.ts';

const draft = { serviceCode: 'licence', packageCode: 'provincial', answers: { company: 'yes' as const } };
const filled = {
  ...emptyForm('at-once'),
  companyName: ' 福州同办信息咨询有限公司 ',
  creditCode: '91350100 m000100y43',
  contactName: '林一',
  contactPhone: '138 0000 0001',
};
const wish: PlaceOrderBody = wishOf(filled, draft, { version: 3 });

function shelfInMemory(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
  };
}

describe('the unified social credit code', () => {
  it.each([
    ['91350100M000100Y43', true],
    ['91350100M000100Y44', false],
    ['91350100M000100Y4', false],
    ['91350100M0O0100Y43', false],
    ['', false],
  ])('%s: %s', (code, right) => expect(isCreditCode(code)).toBe(right));

  it('may be typed in small letters and groups', () => {
    expect(isCreditCode(tidyCode('9135 0100 m000 100y 43'))).toBe(true);
  });
});

it('knows mobile numbers and landlines', () => {
  expect(['13800000001', '19912345678', '059187654321', '010-87654321'].every(isPhone)).toBe(true);
  expect(['1380000000', '12800000001', '+8613800000001', '87654321', ''].some(isPhone)).toBe(false);
});

describe('what is asked of the server', () => {
  it('is tidy, and says nothing of a price', () => {
    expect(wish).toEqual({
      serviceCode: 'licence',
      serviceVersion: 3,
      packageCode: 'provincial',
      planCode: 'at-once',
      buyer: {
        kind: 'company',
        companyName: '福州同办信息咨询有限公司',
        creditCode: '91350100M000100Y43',
        contactName: '林一',
        contactPhone: '13800000001',
      },
      answers: { company: 'yes' },
    });
  });

  it('leaves a person’s company out', () => {
    expect(wishOf({ ...filled, kind: 'person' }, draft, { version: 3 }).buyer).toEqual({
      kind: 'person',
      contactName: '林一',
      contactPhone: '13800000001',
    });
  });

  it('is refused on the phone where it is plainly wrong, with the server’s names of the fields', () => {
    const fields = faultsOfForm(emptyForm('at-once'), true).map(({ field }) => field);
    expect(fields).toEqual([
      'buyer.companyName',
      'buyer.creditCode',
      'buyer.contactName',
      'buyer.contactPhone',
      'province',
    ]);
    expect(buyerFaults(wish.buyer)).toEqual([]);
  });

  it('tells faults of fields that the page does not have', () => {
    const faults = [
      { field: 'note', message: '备注过长' },
      { field: 'answers.capital', message: '请回答注册资本' },
    ];
    expect(faultsElsewhere(faults)).toEqual(['请回答注册资本']);
  });
});

describe('the key of an order', () => {
  it('stays the same until the order exists, through lost answers and restarts', () => {
    const shelf = shelfInMemory();
    const first = keyOf(shelf, 'order', wish);
    expect(keyOf({ ...shelf }, 'order', structuredClone(wish))).toBe(first);
    isSettled(shelf, 'order');
    expect(keyOf(shelf, 'order', wish)).not.toBe(first);
  });

  it('is another one for another wish', () => {
    const shelf = shelfInMemory();
    const first = keyOf(shelf, 'order', wish);
    expect(keyOf(shelf, 'order', { ...wish, note: '加急' })).not.toBe(first);
  });

  it('leaves no name and no number in the phone’s storage', () => {
    const shelf = shelfInMemory();
    keyOf(shelf, 'order', wish);
    const kept = [...shelf.kept.values()].join();
    for (const secret of ['林一', '13800000001', '91350100M000100Y43']) expect(kept).not.toContain(secret);
  });

  it.each<[number, ErrorCode, boolean]>([
    [422, 'request.invalid', false],
    [409, 'catalogue.version_changed', false],
    [409, 'request.in_progress', true],
    [429, 'request.rate_limited', true],
    [401, 'session.expired', true],
    [503, 'server.stopping', true],
  ])('after %i %s is kept: %s', (status, code, kept) => {
    expect(mayStillCome(new Refusal(status, { code, message: '', messageEn: '', requestId: '' }))).toBe(kept);
  });
});

describe('confirming a payment', () => {
  const payment = (state: PaymentView['state']) => ({ state }) as PaymentView;
  const noWait = () => Promise.resolve();

  it('asks until the server says paid, through looks that fail', async () => {
    const said = [payment('open'), null, payment('created'), payment('paid')];
    let looks = 0;
    const look = () => {
      const next = said[looks++];
      return next ? Promise.resolve(next) : Promise.reject(new Error('lost'));
    };
    const decided = await untilDecided({ look, wait: noWait, isOver: () => false }, afterPaying);
    expect(decided?.state).toBe('paid');
    expect(looks).toBe(4);
  });

  it('ends undecided rather than asking for ever, and waits about a minute', async () => {
    let waited = 0;
    const wait = (ms: number) => ((waited += ms), Promise.resolve());
    const look = () => Promise.resolve(payment('open'));
    expect(await untilDecided({ look, wait, isOver: () => false }, afterPaying)).toBeNull();
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(afterPaying.slice(1).every((ms) => ms >= 2000)).toBe(true);
  });

  it('asks no more when nobody looks', async () => {
    let looks = 0;
    const look = () => (looks++, Promise.resolve(payment('open')));
    await untilDecided({ look, wait: noWait, isOver: () => looks === 2 }, afterPaying);
    expect(looks).toBe(2);
  });
});

it('reads a list to its end, but not for ever', async () => {
  const pages = [
    { data: [1, 2], next: 'a' },
    { data: [3], next: null },
  ];
  expect(await everyPage((after) => Promise.resolve(pages[after === null ? 0 : 1]!))).toEqual([1, 2, 3]);
  expect(await everyPage(() => Promise.resolve({ data: [1], next: 'again' }))).toHaveLength(20);
});

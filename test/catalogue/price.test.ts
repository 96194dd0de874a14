import fc from 'fast-check';
import { type Price, priceOf } from '../../src/catalogue/index.ts';
import { AppError } from '../../src/platform/errors.ts';
import { buildDefinition } from './example.ts';

const sum = (parts: readonly { amountFen: number }[]) => parts.reduce((total, { amountFen }) => total + amountFen, 0);

const amounts = ({ instalments }: Price) =>
  instalments.map(({ amountFen, governmentFen }) => [amountFen, governmentFen]);

describe('the price of a package', () => {
  it('has the service and every government fee as lines of their own', () => {
    expect(priceOf(buildDefinition(), 'small', 'full')).toEqual({
      amountFen: 10501,
      lines: [
        { kind: 'service', name: '开店许可代办·小店', amountFen: 10001 },
        { kind: 'government_fee', name: '工本费', amountFen: 500 },
      ],
      instalments: [{ name: '全款', milestone: 'placed', milestoneName: '下单', amountFen: 10501, governmentFen: 500 }],
    });
  });

  it('rounds earlier instalments down, gives the rest to the last, and the fees to the one that the plan names', () => {
    expect(amounts(priceOf(buildDefinition(), 'small', 'two_parts'))).toEqual([
      [5000, 0],
      [5501, 500],
    ]);
  });

  it('collects the fees with the first instalment when the plan names none', () => {
    const { plans } = buildDefinition();
    const definition = buildDefinition({ plans: plans.map((plan) => ({ ...plan, governmentFeesAt: undefined })) });
    expect(amounts(priceOf(definition, 'small', 'two_parts'))).toEqual([
      [5500, 500],
      [5001, 0],
    ]);
  });

  it('sums exactly and splits as the percents say, whatever the price, the fees and the plan', () => {
    const percents = fc
      .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 })
      .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 100])
      .map((cuts) => cuts.slice(1).map((cut, at) => cut - cuts[at]!));
    const prices = fc.integer({ min: 100, max: 100_000_000 });
    const fees = fc.array(fc.integer({ min: 1, max: 100_000_000 }), { maxLength: 10 });
    fc.assert(
      fc.property(prices, fees, percents, fc.option(fc.nat(5)), (priceFen, feesFen, split, feesAt) => {
        const milestones = split.map((_, at) => ({ code: at === 0 ? 'placed' : `m${at}`, name: `第 ${at} 步` }));
        const instalments = split.map((percent, at) => ({ name: '款', milestone: milestones[at]!.code, percent }));
        const carrier = feesAt === null ? 0 : feesAt % split.length;
        const governmentFeesAt = feesAt === null ? undefined : milestones[carrier]!.code;
        const definition = buildDefinition({
          milestones,
          plans: [{ code: 'plan', name: '分期', instalments, governmentFeesAt }],
          packages: buildDefinition().packages.map((bought) => ({
            ...bought,
            priceFen,
            governmentFees: feesFen.map((amountFen) => ({ name: '费', amountFen })),
            plans: ['plan'],
          })),
        });
        const price = priceOf(definition, 'small', 'plan');
        const governmentFen = feesFen.reduce((total, fee) => total + fee, 0);

        expect(price.amountFen).toBe(priceFen + governmentFen);
        expect(sum(price.lines)).toBe(price.amountFen);
        expect(sum(price.instalments)).toBe(price.amountFen);
        price.instalments.forEach((instalment, at) => {
          expect(Number.isSafeInteger(instalment.amountFen)).toBe(true);
          expect(instalment.governmentFen).toBe(at === carrier ? governmentFen : 0);
          const share = instalment.amountFen - instalment.governmentFen;
          const exact = (BigInt(priceFen) * BigInt(split[at]!)) / 100n;
          if (at < split.length - 1) expect(share).toBe(Number(exact));
          else expect(share - Number(exact)).toBeGreaterThanOrEqual(0);
          expect(instalment.amountFen).toBeGreaterThan(0);
        });
      }),
      { numRuns: 500 },
    );
  });

  const refusalOf = (deed: () => unknown) => {
    try {
      deed();
      return 'nothing was refused';
    } catch (error) {
      return error instanceof AppError ? [error.status, error.code, error.detail] : error;
    }
  };

  it('is refused for a package that is not on sale', () => {
    const { packages } = buildDefinition();
    const offSale = buildDefinition({ packages: packages.map((bought) => ({ ...bought, onSale: false })) });
    const refusal = (packageCode: string) => [409, 'catalogue.package_not_on_sale', { packageCode }];
    expect(refusalOf(() => priceOf(offSale, 'small', 'full'))).toEqual(refusal('small'));
    expect(refusalOf(() => priceOf(buildDefinition({ onSale: false }), 'small', 'full'))).toEqual(refusal('small'));
    expect(refusalOf(() => priceOf(buildDefinition(), 'constructor', 'full'))).toEqual(refusal('constructor'));
  });

  it('is refused for a plan that the package is not sold under', () => {
    for (const planCode of ['two_parts', 'unheard_of']) {
      expect(refusalOf(() => priceOf(buildDefinition(), 'large', planCode))).toEqual([
        422,
        'request.invalid',
        { fields: [{ field: 'planCode', message: '该套餐没有这种付款方式' }] },
      ]);
    }
  });
});

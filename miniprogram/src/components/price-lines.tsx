import type { PackageView } from '../../../src/contracts/index.ts';
import { yuan } from '../money.ts';
import { t } from '../words.ts';
import { Fact } from './card.tsx';

/** The price in its parts; what goes to an authority stands apart. */
export function PriceLines({
  priceFen,
  governmentFees,
  totalFen,
}: Pick<PackageView, 'priceFen' | 'governmentFees' | 'totalFen'>) {
  return (
    <>
      <Fact label={t('service.serviceFee')}>{yuan(priceFen)}</Fact>
      {governmentFees.map(({ name, amountFen }) => (
        <Fact key={name} label={t('service.governmentFee', { name })}>
          {yuan(amountFen)}
        </Fact>
      ))}
      <Fact label={t('service.total')} strong>
        {yuan(totalFen)}
      </Fact>
    </>
  );
}

import { LeverError } from '../errors.ts';
import type { Order, Prepay } from '../pay/order.ts';
import { payByH5, payByParameters, payByScan, type PayParameters } from '../pay/payer.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';

/** One of the three ways to the pay sheet. */
export type SheetWish = { parameters: PayParameters } | { codeUrl: string } | { h5Url: string };

export type PaySheet =
  { refused: string } | { outTradeNo: string; payee: string; description: string; amountFen: number };

/**
 * What the sheet shows, or why WeChat shows none: everything is checked before the person sees an amount.
 * @throws LeverError 400
 */
export function openPaySheet(world: World, person: Person, wish: Partial<SheetWish>): PaySheet {
  const { ask, opens } = readWish(world, person, wish);
  // Looking at the sheet and going away checks all and pays nothing.
  const { errMsg } = ask();
  const found = world.pay.findPrepay(opens);
  if (errMsg !== 'cancel' || !found) return { refused: errMsg.replace(/^fail:/, '') };
  const { outTradeNo, asked } = found.order;
  return {
    outTradeNo,
    payee: payeeOf(world, found.order),
    description: asked.description,
    amountFen: asked.amount.total,
  };
}

function readWish(world: World, person: Person, wish: Partial<SheetWish>) {
  const cancel = { outcome: 'cancel' } as const;
  if ('parameters' in wish && wish.parameters) {
    const { parameters } = wish;
    return {
      ask: () => payByParameters(world, person, parameters, cancel),
      opens: ({ id }: Prepay) => parameters.package === `prepay_id=${id}`,
    };
  }
  if ('codeUrl' in wish && wish.codeUrl) {
    const { codeUrl } = wish;
    return {
      ask: () => payByScan(world, person, codeUrl, cancel),
      opens: (prepay: Prepay) => prepay.codeUrl === codeUrl,
    };
  }
  if ('h5Url' in wish && wish.h5Url) {
    const { h5Url } = wish;
    return {
      ask: () => payByH5(world, person, h5Url, cancel),
      opens: (prepay: Prepay) => prepay.h5Url !== undefined && h5Url.startsWith(prepay.h5Url),
    };
  }
  throw new LeverError(400, 'a pay sheet needs parameters, codeUrl or h5Url');
}

/** Merchants have a short name of their own; here it is the account's that ordered. */
function payeeOf({ officialAccount, miniProgram }: World, { asked }: Order): string {
  const account = asked.appid === officialAccount.appid ? officialAccount : miniProgram;
  return account.settings.accountName;
}

import type { OrderInvoicingView, Page } from '../../../../src/contracts/index.ts';
import { getInvoicing, listInvoiceable } from '../../api.ts';
import { usePages } from '../../use-pages.ts';

/** Orders of which something can be invoiced. The one that the person comes from stands on top, however old it is. */
export function useInvoiceable(number: string) {
  async function read(after: string | null): Promise<Page<OrderInvoicingView>> {
    const page = await listInvoiceable(after);
    if (number === '') return page;
    const isHere = ({ orderNumber }: OrderInvoicingView) => orderNumber === number;
    const others = page.data.filter((order) => !isHere(order));
    if (after !== null) return { ...page, data: others };
    const wanted = page.data.find(isHere) ?? (await getInvoicing(number));
    return { ...page, data: wanted.whyNot === null ? [wanted, ...others] : others };
  }
  return usePages(read, number);
}

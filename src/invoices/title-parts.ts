import type { Invoice, InvoiceTitle } from '../../entities/invoice.ts';
import type { TitleOnInvoice } from '../contracts/invoices.ts';
import type { FieldFault } from '../contracts/errors.ts';
import { isCreditCode } from '../orders/index.ts';
import { maskAccount, maskPhone } from '../platform/masks.ts';
import type { Work } from '../platform/work.ts';

type Titled = Pick<
  Invoice,
  'id' | 'titleKind' | 'titleName' | 'taxNumber' | 'address' | 'phoneSealed' | 'bankName' | 'bankAccountSealed'
>;

/** Where what is sealed of a title belongs: an invoice has a copy of its own. */
const place = (id: string, field: 'phone' | 'bankAccount') => `invoice-title:${id}:${field}`;

/** A title as the columns of its row. */
export function titleColumns({ vault }: Pick<Work, 'vault'>, id: string, title: TitleOnInvoice) {
  const seal = (field: 'phone' | 'bankAccount') => {
    const plain = title[field];
    return plain === null ? null : vault.seal(plain, place(id, field));
  };
  const { kind: titleKind, name: titleName, taxNumber, address, bankName } = title;
  const sealed = { phoneSealed: seal('phone'), bankAccountSealed: seal('bankAccount') };
  return { titleKind, titleName, taxNumber, address, bankName, ...sealed };
}

/** A title in full: for whom it belongs to, and for who writes the invoice. */
export function openTitle({ vault }: Pick<Work, 'vault'>, row: Titled): TitleOnInvoice {
  const { id, titleKind: kind, titleName: name, taxNumber, address, bankName, phoneSealed, bankAccountSealed } = row;
  const phone = phoneSealed === null ? null : vault.open(phoneSealed, place(id, 'phone'));
  const bankAccount = bankAccountSealed === null ? null : vault.open(bankAccountSealed, place(id, 'bankAccount'));
  return { kind, name, taxNumber, address, phone, bankName, bankAccount };
}

/** A title for everybody else of staff. */
export function maskTitle(work: Pick<Work, 'vault'>, row: Titled): TitleOnInvoice {
  const { phone, bankAccount, ...title } = openTitle(work, row);
  return {
    ...title,
    phone: phone === null ? null : maskPhone(phone),
    bankAccount: bankAccount === null ? null : maskAccount(bankAccount),
  };
}

/** What is wrong with a title as a whole. */
export function faultsOfTitle({ kind, taxNumber, ...rest }: TitleOnInvoice): FieldFault[] {
  if (kind === 'company') {
    if (taxNumber === null) return [{ field: 'taxNumber', message: '企业抬头须填写纳税人识别号' }];
    return isTaxNumber(taxNumber) ? [] : [{ field: 'taxNumber', message: '纳税人识别号不正确，请核对' }];
  }
  const more = { taxNumber, address: rest.address, phone: rest.phone, bankName: rest.bankName };
  return Object.entries({ ...more, bankAccount: rest.bankAccount })
    .filter(([, value]) => value !== null)
    .map(([field]) => ({ field, message: '个人抬头只填写名称' }));
}

/** A unified social credit code, or a number of 15 or 20 characters of before there were any. */
const isTaxNumber = (text: string): boolean => isCreditCode(text) || /^([0-9A-Z]{15}|[0-9A-Z]{20})$/.test(text);

/** Special VAT names everything of a company. */
export const isFitForSpecial = ({ titleKind, ...title }: Pick<InvoiceTitle, keyof Titled>): boolean =>
  titleKind === 'company' &&
  [title.address, title.phoneSealed, title.bankName, title.bankAccountSealed].every((part) => part !== null);

import type { FieldFault, InvoiceTitleBody, InvoiceTitleView, InvoiceView } from '../../src/contracts/index.ts';
import { isCreditCode, isPhone, isTaxNumber, tidyCode } from './buyer-checks.ts';
import { t } from './words.ts';

/** A title as it stands in the fields. */
export interface TitleForm {
  kind: InvoiceTitleBody['kind'];
  name: string;
  taxNumber: string;
  address: string;
  phone: string;
  bankName: string;
  bankAccount: string;
  isDefault: boolean;
}

export const emptyTitle: TitleForm = {
  kind: 'company',
  name: '',
  taxNumber: '',
  address: '',
  phone: '',
  bankName: '',
  bankAccount: '',
  isDefault: false,
};

export const formOfTitle = (title: InvoiceTitleView): TitleForm => ({
  kind: title.kind,
  name: title.name,
  taxNumber: title.taxNumber ?? '',
  address: title.address ?? '',
  phone: title.phone ?? '',
  bankName: title.bankName ?? '',
  bankAccount: title.bankAccount ?? '',
  isDefault: title.isDefault,
});

/** What is left empty is not there; a person's title has a name only. */
export function wishOfTitle(form: TitleForm): InvoiceTitleBody {
  const isCompany = form.kind === 'company';
  const given = (text: string) => (isCompany && text !== '' ? text : null);
  return {
    kind: form.kind,
    name: form.name.trim(),
    taxNumber: given(tidyCode(form.taxNumber)),
    address: given(form.address.trim()),
    phone: given(form.phone.replace(/\s/g, '')),
    bankName: given(form.bankName.trim()),
    bankAccount: given(form.bankAccount.replace(/[\s-]/g, '')),
    isDefault: form.isDefault,
  };
}

/** What can be said of a tax number before it is whole; nothing while it may still become right. */
export function faultWhileTyping(typed: string): string | undefined {
  const code = tidyCode(typed);
  if (!/^[0-9A-Z]*$/.test(code)) return t('title.taxNumberSigns');
  if (code.length === 18) return isCreditCode(code) ? undefined : t('confirm.creditCodeWrong');
  return code.length <= 15 || code.length === 20 ? undefined : t('title.taxNumberLength', { count: code.length });
}

/** What is plainly wrong before the server is asked. `forSpecial`: whatever special VAT names must be there. */
export function faultsOfTitle(form: TitleForm, forSpecial: boolean): FieldFault[] {
  const wish = wishOfTitle(form);
  const faults: FieldFault[] = [];
  const tell = (field: string, message: string) => faults.push({ field, message });
  if (wish.name === '') tell('name', t('title.nameMissing'));
  if (wish.kind === 'personal') return faults;
  const code = wish.taxNumber ?? '';
  if (code === '') tell('taxNumber', t('title.taxNumberMissing'));
  else if (!isTaxNumber(code))
    tell('taxNumber', faultWhileTyping(code) ?? t('title.taxNumberLength', { count: code.length }));
  if (wish.phone && !isPhone(wish.phone)) tell('phone', t('confirm.contactPhoneWrong'));
  if (wish.bankAccount && !/^\d{8,30}$/.test(wish.bankAccount)) tell('bankAccount', t('title.bankAccountWrong'));
  if (forSpecial) for (const field of partsOfSpecial) if (!wish[field]) tell(field, t('title.neededForSpecial'));
  return faults;
}

const partsOfSpecial = ['address', 'phone', 'bankName', 'bankAccount'] as const;

/** Special VAT names all of a company. */
export const isFitForSpecial = (title: InvoiceView['title']): boolean =>
  title.kind === 'company' && partsOfSpecial.every((part) => title[part] !== null);

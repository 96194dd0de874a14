import type { BuyerBody, FieldFault, PlaceOrderBody, ServiceView } from '../../src/contracts/index.ts';
import { buyerFaults, tidyCode } from './buyer-checks.ts';
import type { Draft } from './draft.ts';
import { t } from './words.ts';

/** What a person typed and chose, as it stands in the fields. */
export interface OrderForm {
  kind: BuyerBody['kind'];
  companyName: string;
  creditCode: string;
  contactName: string;
  contactPhone: string;
  province: string;
  planCode: string;
  note: string;
}

export const emptyForm = (planCode: string): OrderForm => ({
  kind: 'company',
  companyName: '',
  creditCode: '',
  contactName: '',
  contactPhone: '',
  province: '',
  planCode,
  note: '',
});

function buyerOf(form: OrderForm): BuyerBody {
  const contact = { contactName: form.contactName.trim(), contactPhone: form.contactPhone.replace(/\s/g, '') };
  if (form.kind === 'person') return { kind: 'person', ...contact };
  return { kind: 'company', companyName: form.companyName.trim(), creditCode: tidyCode(form.creditCode), ...contact };
}

/** What is asked of the server: choices and people, never a price. */
export function wishOf(form: OrderForm, draft: Draft, service: Pick<ServiceView, 'version'>): PlaceOrderBody {
  const note = form.note.trim();
  return {
    serviceCode: draft.serviceCode,
    serviceVersion: service.version,
    packageCode: draft.packageCode,
    planCode: form.planCode,
    ...(form.province === '' ? {} : { province: form.province }),
    buyer: buyerOf(form),
    answers: draft.answers,
    ...(note === '' ? {} : { note }),
  };
}

/** What the phone can see for itself, named as the server names fields. */
export function faultsOfForm(form: OrderForm, needsProvince: boolean): FieldFault[] {
  const province = { field: 'province', message: t('confirm.provinceMissing') };
  return [...buyerFaults(buyerOf(form)), ...(needsProvince && form.province === '' ? [province] : [])];
}

const shownFields = [
  'buyer.companyName',
  'buyer.creditCode',
  'buyer.contactName',
  'buyer.contactPhone',
  'province',
  'note',
];

/** Faults of fields that the page does not have are told above the button. */
export const faultsElsewhere = (faults: FieldFault[]): string[] =>
  faults.filter(({ field }) => !shownFields.includes(field)).map(({ message }) => message);

export const faultOf = (faults: FieldFault[], field: string): string | undefined =>
  faults.find((fault) => fault.field === field)?.message;

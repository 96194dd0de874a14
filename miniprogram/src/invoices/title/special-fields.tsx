import type { FieldFault } from '../../../../src/contracts/index.ts';
import { Card } from '../../components/card.tsx';
import { TextField } from '../../components/field.tsx';
import type { TitleForm } from '../../invoice-title-form.ts';
import { faultOf } from '../../order-form.ts';
import { t } from '../../words.ts';

interface SpecialFieldsProps {
  form: TitleForm;
  faults: FieldFault[];
  /** Else they may be left empty. */
  isNeeded: boolean;
  onFill(filled: Partial<TitleForm>): void;
}

/** What a special VAT invoice names of the buyer besides, and why it is asked for. */
export function SpecialFields({ form, faults, isNeeded, onFill }: SpecialFieldsProps) {
  const hint = (says: string) => (isNeeded ? says : `${says}（${t('title.optional')}）`);
  return (
    <Card title={t('title.special')} hint={t('title.specialWhy')}>
      <TextField
        label={t('title.address')}
        hint={hint(t('confirm.companyNameHint'))}
        value={form.address}
        fault={faultOf(faults, 'address')}
        most={100}
        onType={(address) => onFill({ address })}
      />
      <TextField
        label={t('title.phone')}
        hint={hint(t('title.phoneHint'))}
        value={form.phone}
        fault={faultOf(faults, 'phone')}
        most={20}
        onType={(phone) => onFill({ phone })}
      />
      <TextField
        label={t('title.bankName')}
        hint={hint(t('title.bankNameHint'))}
        value={form.bankName}
        fault={faultOf(faults, 'bankName')}
        most={60}
        onType={(bankName) => onFill({ bankName })}
      />
      <TextField
        label={t('title.bankAccount')}
        hint={hint(t('title.bankAccountHint'))}
        value={form.bankAccount}
        fault={faultOf(faults, 'bankAccount')}
        most={40}
        onType={(bankAccount) => onFill({ bankAccount })}
      />
    </Card>
  );
}

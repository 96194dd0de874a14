import { Picker, View } from '@tarojs/components';
import type { FieldFault } from '../../../../src/contracts/index.ts';
import { provinces } from '../../../../src/contracts/provinces.ts';
import { Card } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { Field, TextField } from '../../components/field.tsx';
import { faultOf } from '../../order-form.ts';
import type { OrderForm } from '../../order-form.ts';
import { t } from '../../words.ts';

interface BuyerFieldsProps {
  form: OrderForm;
  faults: FieldFault[];
  needsProvince: boolean;
  onFill(filled: Partial<OrderForm>): void;
}

export function BuyerFields({ form, faults, needsProvince, onFill }: BuyerFieldsProps) {
  return (
    <Card title={t('confirm.buyer')}>
      <Choice
        label={t('confirm.buyer')}
        chosen={form.kind}
        onChoose={(kind) => onFill({ kind })}
        options={[
          { value: 'company', shown: t('confirm.company') },
          { value: 'person', shown: t('confirm.person') },
        ]}
      />
      {form.kind === 'company' ? <CompanyFields form={form} faults={faults} onFill={onFill} /> : null}
      <TextField
        label={t('confirm.contactName')}
        hint={t('confirm.contactNameHint')}
        value={form.contactName}
        fault={faultOf(faults, 'buyer.contactName')}
        onType={(contactName) => onFill({ contactName })}
      />
      <TextField
        phone
        label={t('confirm.contactPhone')}
        hint={t('confirm.contactPhoneHint')}
        value={form.contactPhone}
        fault={faultOf(faults, 'buyer.contactPhone')}
        onType={(contactPhone) => onFill({ contactPhone })}
      />
      {needsProvince ? <ProvinceField form={form} faults={faults} onFill={onFill} /> : null}
    </Card>
  );
}

type PartProps = Omit<BuyerFieldsProps, 'needsProvince'>;

function CompanyFields({ form, faults, onFill }: PartProps) {
  return (
    <>
      <TextField
        label={t('confirm.companyName')}
        hint={t('confirm.companyNameHint')}
        value={form.companyName}
        fault={faultOf(faults, 'buyer.companyName')}
        onType={(companyName) => onFill({ companyName })}
      />
      <TextField
        label={t('confirm.creditCode')}
        hint={t('confirm.creditCodeHint')}
        value={form.creditCode}
        fault={faultOf(faults, 'buyer.creditCode')}
        onType={(creditCode) => onFill({ creditCode })}
      />
    </>
  );
}

function ProvinceField({ form, faults, onFill }: PartProps) {
  return (
    <Field label={t('confirm.province')} fault={faultOf(faults, 'province')}>
      <Picker
        mode="selector"
        range={[...provinces]}
        value={Math.max(
          0,
          provinces.findIndex((name) => name === form.province),
        )}
        onChange={({ detail }) => onFill({ province: provinces[Number(detail.value)] ?? '' })}
      >
        <View className={form.province === '' ? 'field-picked field-empty' : 'field-picked'}>
          {form.province === '' ? t('confirm.provinceHint') : form.province}
        </View>
      </Picker>
    </Field>
  );
}

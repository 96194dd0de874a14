import { Input, TextArea } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import './field.scss';

/** A label, something to fill in, and what is wrong with it. */
export function Field({ label, fault, children }: PropsWithChildren<{ label: string; fault?: string | undefined }>) {
  return (
    <View className={fault ? 'field field-wrong' : 'field'}>
      <View className="field-label">{label}</View>
      {children}
      {fault ? <View className="field-fault">{fault}</View> : null}
    </View>
  );
}

interface TypedProps {
  label: string;
  hint: string;
  value: string;
  fault?: string | undefined;
  onType(value: string): void;
}

interface TextFieldProps extends TypedProps {
  phone?: boolean;
  /** Characters. */
  most?: number;
}

export function TextField({ label, hint, value, fault, onType, phone = false, most = 120 }: TextFieldProps) {
  return (
    <Field label={label} fault={fault}>
      <Input
        className="field-input"
        clearIcon={<View />} // its own is an HTML element, which a mini-program cannot draw
        type={phone ? 'number' : 'text'}
        placeholder={hint}
        value={value}
        maxLength={phone ? 13 : most}
        onChange={onType}
      />
    </Field>
  );
}

export function LongTextField({ label, hint, value, fault, onType }: TypedProps) {
  return (
    <Field label={label} fault={fault}>
      <TextArea className="field-text" placeholder={hint} value={value} maxLength={200} rows={3} onChange={onType} />
    </Field>
  );
}

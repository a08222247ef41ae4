// One field of a form, as the kind of input that browsers and password managers expect.

import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import type { components } from '../api/schema.ts';

interface Props {
  field: components['schemas']['FieldView'];
  isFirst: boolean;
  /** Whether a password follows, so that this is whose it is. */
  beforePassword: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** The field. */
export function AskField({ field, isFirst, beforePassword, value, onChange }: Props) {
  const common = {
    name: field.key,
    label: field.label,
    description: field.help,
    error: field.error,
    required: field.required,
    withAsterisk: false,
    value,
    'data-autofocus': isFirst || undefined,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  const typing = { placeholder: field.placeholder ?? undefined, pattern: field.pattern ?? undefined };
  switch (field.type) {
    case 'choice':
      return <NativeSelect {...common} data={field.options ?? []} />;
    case 'password':
      return <PasswordInput {...common} {...typing} autoComplete="current-password" />;
    case 'otp':
      // One field: boxes of one digit each break what phones fill in.
      return <TextInput {...common} {...typing} autoComplete="one-time-code" inputMode="numeric" />;
    case 'number':
      return <TextInput {...common} {...typing} inputMode="decimal" autoComplete="off" />;
    case 'email':
      return <TextInput {...common} {...typing} type="email" autoComplete={beforePassword ? 'username' : 'email'} />;
    default:
      return <TextInput {...common} {...typing} autoComplete={beforePassword ? 'username' : undefined} />;
  }
}

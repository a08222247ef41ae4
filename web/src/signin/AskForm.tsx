// A form of an auth flow as its users see it: one real form that password managers know, errors at their fields.

import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import type { components } from '../api/schema.ts';
import { AskField } from './AskField.tsx';

type Form = components['schemas']['FormView'];

interface Props {
  form: Form;
  isBusy: boolean;
  onAnswer: (step: string, fields: Record<string, string>) => void;
  onTyped: () => void;
  onCancel: () => void;
}

const isHidden = ({ type }: Form['fields'][number]) => type === 'password' || type === 'otp';

/** The form. Where it is asked again, names stay and passwords are typed anew. */
export function AskForm({ form, isBusy, onAnswer, onTyped, onCancel }: Props) {
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(form.fields.map((field) => [field.key, field.default ?? ''])),
  );
  const [seen, setSeen] = useState(form);
  const alert = useRef<HTMLDivElement>(null);
  if (seen !== form) {
    setSeen(form);
    setTyped((before) => ({
      ...before,
      ...Object.fromEntries(form.fields.filter(isHidden).map(({ key }) => [key, ''])),
    }));
  }
  useEffect(() => {
    if (form.error) alert.current?.focus();
  }, [form]);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onAnswer(form.step, typed);
  };
  const left = form.attempts_left;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={3}>{form.title}</Title>
        {form.text && <Text size="sm">{form.text}</Text>}
        {form.error && (
          <Alert ref={alert} tabIndex={-1} color="red" role="alert" title={form.error}>
            {typeof left === 'number' && `${left} ${left === 1 ? 'attempt is' : 'attempts are'} left.`}
          </Alert>
        )}
        {form.fields.map((field, index) => (
          <AskField
            key={field.key}
            field={field}
            isFirst={index === 0}
            beforePassword={form.fields[index + 1]?.type === 'password'}
            value={typed[field.key] ?? ''}
            onChange={(value) => {
              onTyped();
              setTyped((before) => ({ ...before, [field.key]: value }));
            }}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Give up
          </Button>
          <Button type="submit" loading={isBusy}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

// What a test run waits for, in place: a form as users get it, a page to open, a code to type elsewhere.

import { Alert, Button, Group, NumberInput, Paper, PasswordInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import type { TestRun, Waiting } from '../../../api/testRuns.ts';
import type { components } from '../../../api/schema.ts';
import { Failure } from '../../../ui/Failure.tsx';
import type { useTestRun } from './useTestRun.ts';

type Form = components['schemas']['FormView'];

interface Props {
  run: TestRun;
  waiting: Waiting;
  answer: ReturnType<typeof useTestRun>['answer'];
  resend: ReturnType<typeof useTestRun>['resend'];
}

/** What to do. */
export function WaitingFor({ run, waiting, answer, resend }: Props) {
  if ('form' in waiting) {
    // Another asking is another form: what was typed before does not stay in it.
    const { form } = waiting;
    const asking = `${form.step} ${form.error ?? ''} ${form.resends_left ?? ''}`;
    return <FormBox key={asking} run={run} form={form} answer={answer} resend={resend} />;
  }
  if ('open' in waiting) {
    return (
      <Alert title="The API’s own page" icon={<IconExternalLink aria-hidden />}>
        <Stack gap="xs" align="flex-start">
          {waiting.open.refused && <Text size="sm">{waiting.open.refused}</Text>}
          <Text size="sm">Sign in there; the test goes on by itself when it sends you back.</Text>
          <Button component="a" href={waiting.open.url} target="_blank" rel="noreferrer">
            Open the page
          </Button>
        </Stack>
      </Alert>
    );
  }
  if ('show' in waiting) {
    const { code, url, complete_url } = waiting.show;
    return (
      <Alert title="A code for another device">
        <Text size="sm">
          Enter <strong>{code}</strong> at <a href={complete_url ?? url}>{url}</a>. The test goes on by itself.
        </Text>
      </Alert>
    );
  }
  return <Text size="sm">{waiting.time}</Text>;
}

function FormBox({ run, form, answer, resend }: Pick<Props, 'run' | 'answer' | 'resend'> & { form: Form }) {
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(form.fields.flatMap((field) => (field.default ? [[field.key, field.default]] : []))),
  );
  // One that ran out takes no answer before it was sent again.
  const fields = form.expired ? [] : form.fields;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    answer.mutate({ id: run.id, step: form.step, typed });
  };
  const set = (key: string, value: string) => setTyped((before) => ({ ...before, [key]: value }));
  return (
    <Paper withBorder p="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Title order={3}>{form.title}</Title>
          {form.text && <Text size="sm">{form.text}</Text>}
          {form.error && (
            <Text size="sm" c="error" role="alert">
              {form.error}
            </Text>
          )}
          {form.notice && (
            <Text size="sm" role="status">
              {form.notice}
            </Text>
          )}
          {fields.map((field) => (
            <FormField key={field.key} field={field} value={typed[field.key] ?? ''} set={(value) => set(field.key, value)} />
          ))}
          {answer.isError && <Failure error={answer.error} />}
          {resend.isError && <Failure error={resend.error} />}
          <Group>
            {!form.expired && (
              <Button type="submit" loading={answer.isPending}>
                Continue
              </Button>
            )}
            {form.resends_left != null &&
              (form.resends_left > 0 ? (
                <Button
                  variant={form.expired ? 'filled' : 'default'}
                  loading={resend.isPending}
                  onClick={() => resend.mutate(run.id)}
                >
                  Send again ({form.resends_left} left)
                </Button>
              ) : (
                <Text size="sm" c="dimmed">
                  It cannot be sent again.
                </Text>
              ))}
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

interface FieldProps {
  field: Form['fields'][number];
  value: string;
  set: (value: string) => void;
}

/** What browsers fill in, by the kind of a field; a tester's own passwords are not offered to an API under test. */
function FormField({ field, value, set }: FieldProps) {
  const common = {
    label: field.label,
    description: field.help,
    placeholder: field.placeholder ?? undefined,
    required: field.required,
    withAsterisk: false,
    error: field.error,
    autoComplete: 'off',
  };
  switch (field.type) {
    case 'choice':
      return <Select {...common} data={field.options ?? []} value={value} onChange={(next) => set(next ?? '')} />;
    case 'number':
      return <NumberInput {...common} value={value} onChange={(next) => set(String(next))} />;
    case 'password':
      return <PasswordInput {...common} value={value} onChange={(event) => set(event.currentTarget.value)} />;
    case 'otp':
      return (
        <TextInput
          {...common}
          autoComplete="one-time-code"
          inputMode="numeric"
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    default:
      return <TextInput {...common} value={value} onChange={(event) => set(event.currentTarget.value)} />;
  }
}

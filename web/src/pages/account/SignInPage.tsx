// Where our own people sign in; it stands at whatever address they came to, so that they are there afterwards.

import { Alert, Button, Code, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, type SyntheticEvent } from 'react';
import { providersQuery, setUpQuery, useSignIn } from '../../api/session.ts';
import { Gate } from './Gate.tsx';

/** The page. */
export function SignInPage() {
  const signIn = useSignIn();
  const { data: setUp } = useQuery(setUpQuery);
  const password = useRef<HTMLInputElement>(null);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    signIn.mutate(
      { login: text(typed, 'login'), password: text(typed, 'password') },
      {
        onError() {
          if (password.current) password.current.value = '';
          password.current?.focus();
        },
      },
    );
  };
  return (
    <Gate title="Sign in to Stepgate">
      {setUp?.needed && (
        <Alert title="Nobody has an account yet">
          The log of <Code>stepgate serve</Code> shows a link that makes the first admin. It works once, for a day;
          another start makes another.
        </Alert>
      )}
      <form onSubmit={submit}>
        <Stack>
          {signIn.isError && (
            <Alert color="red" role="alert" title={signIn.error.problem.detail}>
              {signIn.error.problem.help}
            </Alert>
          )}
          <TextInput name="login" label="Name" autoComplete="username" required withAsterisk={false} data-autofocus />
          <PasswordInput
            ref={password}
            name="password"
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth mt="xs">
            Sign in
          </Button>
        </Stack>
      </form>
      <Providers />
      <Text size="sm" c="dimmed">
        For builders and admins. To sign in to a connector, use the link that your app gives you.
      </Text>
    </Gate>
  );
}

/** The other way in; nothing where there is none. */
function Providers() {
  const { data: known } = useQuery(providersQuery);
  if (!known || known.providers.length === 0) return null;
  const here = encodeURIComponent(location.pathname);
  return (
    <Stack gap="xs">
      <Divider label="or" />
      {known.providers.map(({ name, title, start }) => (
        <Button key={name} component="a" href={`${start}?return_to=${here}`} variant="default" fullWidth>
          Sign in with {title}
        </Button>
      ))}
    </Stack>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

// The first start: the link from the log leads here, and makes the account of the first admin.

import { Alert, Anchor, Button, Code, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { setUpQuery, useSetUp } from '../../api/session.ts';
import { Gate } from './Gate.tsx';

/** The page. */
export function SetUpPage() {
  const { ticket: fromLink } = useSearch({ from: '/setup' });
  const navigate = useNavigate();
  const { data: state } = useQuery(setUpQuery);
  const setUp = useSetUp();
  const [typed, setTyped] = useState({ ticket: fromLink ?? '', login: '', password: '' });
  const field = (name: keyof typeof typed) => ({
    name,
    value: typed[name],
    required: true,
    withAsterisk: false,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [name]: value }));
    },
  });
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setUp.mutate(typed, { onSuccess: () => void navigate({ to: '/', replace: true }) });
  };
  if (state && !state.needed && !setUp.isPending) {
    return (
      <Gate title="Stepgate is set up">
        <Text>There is an account already.</Text>
        <Anchor component={Link} underline="always" to="/">
          Sign in
        </Anchor>
      </Gate>
    );
  }
  const wrong = setUp.error;
  return (
    <Gate title="Set up Stepgate">
      <Text c="dimmed">Make the account of the first admin. Others are added later, under People.</Text>
      <form onSubmit={submit}>
        <Stack>
          {wrong && !wrong.field && (
            <Alert color="red" role="alert" title={wrong.problem.detail}>
              {wrong.problem.help}
            </Alert>
          )}
          {!fromLink && (
            <TextInput
              {...field('ticket')}
              label="Code from the log"
              description={
                <>
                  What follows <Code>ticket=</Code> in the link that <Code>stepgate serve</Code> logged
                </>
              }
              autoComplete="off"
            />
          )}
          <TextInput
            {...field('login')}
            label="Name"
            autoComplete="username"
            maxLength={64}
            error={wrong?.field === 'login' && wrong.problem.detail}
          />
          <PasswordInput
            {...field('password')}
            label="Password"
            description="At least 12 characters"
            minLength={12}
            autoComplete="new-password"
            error={wrong?.field === 'password' && wrong.problem.detail}
          />
          <Button type="submit" loading={setUp.isPending} fullWidth mt="xs">
            Make the account
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}

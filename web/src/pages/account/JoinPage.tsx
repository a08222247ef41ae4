// Where a link from an admin leads: its person sets a password of their own, and is in.

import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { setUpForQuery, useJoin } from '../../api/joining.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Gate } from './Gate.tsx';

/** The page. */
export function JoinPage() {
  const { hash } = useLocation();
  const [ticket] = useState(() => new URLSearchParams(hash).get('ticket') ?? '');
  const link = useQuery(setUpForQuery(ticket));
  if (link.isPending) return <Loading />;
  if (link.isError) {
    return (
      <Gate title="Set your password">
        <Alert color="red" role="alert" title={link.error.problem.detail}>
          {link.error.problem.help}
        </Alert>
        <Anchor component={Link} underline="always" to="/">
          Sign in
        </Anchor>
      </Gate>
    );
  }
  return (
    <Gate title="Set your password">
      <Text c="dimmed">
        It replaces the one you had, if you had one, and ends where you are signed in. The link works once, until{' '}
        <Moment at={link.data.expires_at} />.
      </Text>
      <JoinForm ticket={ticket} login={link.data.login} />
    </Gate>
  );
}

function JoinForm({ ticket, login }: { ticket: string; login: string }) {
  const join = useJoin();
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const wrong = join.error;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    join.mutate({ ticket, password }, { onSuccess: () => void navigate({ to: '/', replace: true }) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {wrong && !wrong.field && (
          <Alert color="red" role="alert" title={wrong.problem.detail}>
            {wrong.problem.help}
          </Alert>
        )}
        {/* Password managers keep the password under the name that stands beside it. */}
        <TextInput label="Name" description="What you sign in with" value={login} readOnly autoComplete="username" />
        <PasswordInput
          label="New password"
          description="At least 12 characters"
          autoComplete="new-password"
          minLength={12}
          required
          withAsterisk={false}
          data-autofocus
          value={password}
          error={wrong?.at('password')}
          aria-invalid={wrong?.at('password') !== undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={join.isPending} fullWidth mt="xs">
          Set it and sign in
        </Button>
      </Stack>
    </form>
  );
}

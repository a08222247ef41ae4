// Changes one's own password, which ends all other sessions.

import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { api, data, rememberCsrf } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Section } from '../../ui/Section.tsx';

/** The form. */
export function NewPassword() {
  const queries = useQueryClient();
  const say = useSay();
  const empty = { current: '', new: '' };
  const [typed, setTyped] = useState(empty);
  const change = useMutation({
    mutationFn: (body: typeof typed) => data(api.PUT('/api/session/password', { body })),
    onSuccess(account) {
      rememberCsrf(account.csrf ?? null);
      queries.setQueryData(sessionQuery.queryKey, account);
      void queries.invalidateQueries({ queryKey: ['sessions'] });
      setTyped(empty);
      say('The password is changed. All other sessions have ended.');
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(typed);
  };
  return (
    <Section title="Password">
      <form onSubmit={submit}>
        <Stack maw={360}>
          {change.isError && (
            <Alert color="red" role="alert" title={change.error.problem.detail}>
              {change.error.problem.help}
            </Alert>
          )}
          {change.isSuccess && <Alert title="The password is changed. All other sessions have ended." />}
          <PasswordInput
            label="Password until now"
            autoComplete="current-password"
            value={typed.current}
            onChange={(event) => setTyped({ ...typed, current: event.currentTarget.value })}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters"
            autoComplete="new-password"
            minLength={12}
            value={typed.new}
            onChange={(event) => setTyped({ ...typed, new: event.currentTarget.value })}
          />
          <Button type="submit" loading={change.isPending} disabled={!typed.current || !typed.new}>
            Change the password
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

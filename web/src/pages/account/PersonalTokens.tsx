// One's own personal API tokens, for scripts: made, shown once, revoked.

import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { tokensQuery, useMakeToken, useRevokeToken, type Token } from '../../api/tokens.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { ShownOnce } from '../../ui/ShownOnce.tsx';

const LASTS = [7, 30, 90, 180, 366].map((days) => ({ value: String(days), label: `${days} days` }));

/** The tokens. */
export function PersonalTokens() {
  const tokens = useQuery(tokensQuery);
  const revoke = useRevokeToken();
  const [making, dialog] = useDisclosure(false);
  const [shown, setShown] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns: readonly Column<Token>[] = [
    { label: 'For', cell: ({ name }) => name },
    { label: 'Last used', cell: ({ last_used_at: at }) => (at ? <Moment at={at} /> : 'never') },
    { label: 'Ends', cell: ({ expires_at: at }) => (at ? <Moment at={at} /> : 'never') },
    {
      label: 'What can be done',
      quiet: true,
      cell: (token) => (
        <Button size="xs" variant="default" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
          Revoke
        </Button>
      ),
    },
  ];
  const list: readonly Token[] | undefined = tokens.data?.tokens;
  return (
    <Section
      title="Personal API tokens"
      about="For scripts of yours: whoever has one may do what you may, but for what concerns your account."
      actions={<Button onClick={dialog.open}>Make a token</Button>}
    >
      {tokens.isPending && <Loading />}
      {tokens.isLoadingError && <Failure error={tokens.error} reset={() => void tokens.refetch()} />}
      {list?.length === 0 && <Text c="dimmed">You have none. Make one for a script that calls Stepgate’s API as you.</Text>}
      {list && list.length > 0 && (
        <DataTable label="Personal API tokens" columns={columns} rows={list} rowKey={({ id }) => id} />
      )}
      <Modal opened={making} onClose={dialog.close} title="Make a personal API token">
        <TokenForm onClose={dialog.close} onMade={setShown} />
      </Modal>
      <ShownOnce what="token" secret={shown} onClose={() => setShown(null)}>
        Send it as <code>Authorization: Bearer sg_pat_…</code>
      </ShownOnce>
      <Confirm
        opened={revoking !== null}
        title={`Revoke the token “${revoking?.name ?? ''}”?`}
        action="Revoke it"
        danger
        working={revoke.isPending}
        error={revoke.error}
        onClose={() => {
          setRevoking(null);
          revoke.reset();
        }}
        onConfirm={() => revoking && revoke.mutate(revoking.id, { onSuccess: () => setRevoking(null) })}
      >
        Scripts that use it are refused from now on.
      </Confirm>
    </Section>
  );
}

function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const make = useMakeToken();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate(
      { name, days: Number(days) },
      {
        onSuccess({ token }) {
          onClose();
          onMade(token);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="What it is for"
          placeholder="deploy"
          value={name}
          maxLength={200}
          required
          withAsterisk={false}
          data-autofocus
          autoComplete="off"
          error={make.error?.at('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select label="Holds for" data={LASTS} value={days} onChange={(value) => setDays(value ?? '90')} />
        {make.isError && make.error.field !== 'name' && <Failure error={make.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

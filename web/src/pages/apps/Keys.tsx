// The keys by which an app's backend is known: two at most, so that one can take over from the other.

import { Button, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keysQuery, useMakeKey, useRevokeKey, type App, type AppKey } from '../../api/apps.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Section } from '../../ui/Section.tsx';
import { ShownOnce } from '../../ui/ShownOnce.tsx';

/** The server keeps no more. */
const MOST = 2;

/** The keys. */
export function Keys({ app }: { app: App }) {
  const keys = useQuery(keysQuery(app.name));
  const make = useMakeKey(app.name);
  const revoke = useRevokeKey(app.name);
  const [shown, setShown] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<AppKey | null>(null);
  const columns: readonly Column<AppKey>[] = [
    { label: 'Key', cell: ({ hint }) => <Code>sg_app_{hint}</Code> },
    { label: 'Made', cell: ({ created_at: at }) => <Moment at={at} /> },
    { label: 'Last used', cell: ({ last_used_at: at }) => (at ? <Moment at={at} /> : 'never') },
    {
      label: 'What can be done',
      quiet: true,
      cell: (key) => (
        <Button size="xs" variant="default" aria-label={`Revoke ${key.hint}`} onClick={() => setRevoking(key)}>
          Revoke
        </Button>
      ),
    },
  ];
  const makeOne = () =>
    make.mutate(undefined, {
      onSuccess({ key }) {
        setShown(key);
        // Kept in one place, the dialog.
        make.reset();
      },
    });
  const list = keys.data?.keys;
  const isFull = list !== undefined && list.length >= MOST;
  return (
    <Section
      title="Keys"
      about="For the app’s backend, never for a page. To change a key without a gap: make the second, let everything use it, revoke the first."
      actions={
        <Button onClick={makeOne} loading={make.isPending} disabled={isFull}>
          Make a key
        </Button>
      }
    >
      {isFull && (
        <Text size="sm" c="dimmed">
          There are two keys, which is all there can be. Revoke one to make another.
        </Text>
      )}
      {make.isError && <Failure error={make.error} />}
      {keys.isPending && <Loading />}
      {keys.isLoadingError && <Failure error={keys.error} reset={() => void keys.refetch()} />}
      {list?.length === 0 && <Text>It has no key yet: no backend can call.</Text>}
      {list && list.length > 0 && (
        <DataTable label="Keys" columns={columns} rows={list} rowKey={({ id }) => id} />
      )}
      <ShownOnce what="key" secret={shown} onClose={() => setShown(null)}>
        Keep it where {app.title}’s backend keeps its secrets. Whoever has it can call in the name of every user of the
        app.
      </ShownOnce>
      <Confirm
        opened={revoking !== null}
        title={`Revoke the key that ends in ${revoking?.hint ?? ''}?`}
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
        Calls with it are refused from now on.{' '}
        {revoking?.last_used_at ? (
          <>
            It was last used <Moment at={revoking.last_used_at} />.
          </>
        ) : (
          'It was never used.'
        )}
      </Confirm>
    </Section>
  );
}

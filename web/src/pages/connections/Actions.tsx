// What can be done to a connection: tested, renewed, named, signed in anew, signed out, forgotten.

import { Button, Group, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  useClearConnection,
  useMakeSignInLink,
  useRenewConnection,
  useSignOutConnection,
  useTestConnection,
  type Connection,
} from '../../api/connections.ts';
import { connectorsQuery } from '../../api/connectors.ts';
import type { ApiError } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { SignIn } from '../../signin/SignIn.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { Rename } from './Rename.tsx';
import { account, owner, signedOut, tested } from './told.ts';

/** What came of an action. */
export interface Came {
  said?: string;
  good?: boolean;
  error?: ApiError;
  /** A link for the user whose it is. */
  link?: string;
  /** Whether the connection is there no more. */
  gone?: boolean;
}

interface Props {
  connection: Connection;
  onCame: (came: Came | null) => void;
}

/** The buttons. */
export function Actions({ connection, onCame }: Props) {
  const { login } = useAccount();
  const connectors = useQuery(connectorsQuery);
  const test = useTestConnection();
  const renew = useRenewConnection();
  const signOut = useSignOutConnection();
  const clear = useClearConnection();
  const makeLink = useMakeSignInLink();
  const [asking, setAsking] = useState<'sign-out' | 'clear' | 'sign-in' | 'name' | null>(null);
  const close = () => {
    setAsking(null);
    signOut.reset();
    clear.reset();
  };
  const { id, connector } = connection;
  const lastCall = connection.last_used_at ? '' : ' None was made so far.';
  const isShared = connection.owner === 'shared';
  // Only who owns it may sign it in; a shared one is everybody's of ours.
  const isOurs = isShared || connection.owner === `people/${login}`;
  const isUsers = connection.app != null && connection.user != null;
  const failed = { onError: (error: ApiError) => onCame({ error }) };
  const known = connectors.data?.connectors.find((it) => it.connector === connector);
  const title = known === undefined || known.title === '' ? connector : known.title;
  return (
    <>
      <Group gap="xs">
        {isOurs && (
          <Button
            variant={connection.state === 'sign_in_required' ? 'filled' : 'default'}
            onClick={() => setAsking('sign-in')}
          >
            Sign in again
          </Button>
        )}
        {isUsers && (
          <Button
            variant={connection.state === 'sign_in_required' ? 'filled' : 'default'}
            loading={makeLink.isPending}
            onClick={() => makeLink.mutate(id, { ...failed, onSuccess: ({ url }) => onCame({ link: url }) })}
          >
            Make a sign-in link
          </Button>
        )}
        <Button
          variant="default"
          loading={test.isPending}
          onClick={() =>
            test.mutate(id, { ...failed, onSuccess: (told) => onCame({ said: tested(told), good: told.ok }) })
          }
        >
          Test
        </Button>
        <Button
          variant="default"
          loading={renew.isPending}
          onClick={() => renew.mutate(id, { ...failed, onSuccess: () => onCame({ said: 'Renewed.', good: true }) })}
        >
          Renew now
        </Button>
        <Button variant="default" onClick={() => setAsking('name')}>
          Name
        </Button>
        <Button variant="default" onClick={() => setAsking('sign-out')}>
          Sign out
        </Button>
        <Button variant="default" onClick={() => setAsking('clear')}>
          Clear
        </Button>
      </Group>
      <Rename connection={connection} opened={asking === 'name'} onClose={close} />
      {asking === 'sign-in' && (
        <SignIn
          title={title}
          warning={
            isShared &&
            `Whoever signs in here does so for everybody: all users of all apps that use ${title} call with that account. Sign in with one that is made for it, not with your own.`
          }
          asked={{
            connector,
            connection: id,
            ...(connection.environment && { environment: connection.environment }),
          }}
          onClose={close}
        />
      )}
      <Confirm
        opened={asking === 'sign-out' || asking === 'clear'}
        title={asking === 'clear' ? `Forget ${account(connection)}?` : `Sign ${account(connection)} out?`}
        action={asking === 'clear' ? 'Clear it' : 'Sign out'}
        danger
        working={signOut.isPending || clear.isPending}
        error={signOut.error ?? clear.error}
        onClose={close}
        onConfirm={() =>
          asking === 'clear'
            ? clear.mutate(id, {
                onSuccess: () => onCame({ said: 'Forgotten. Nothing was sent to the API.', good: true, gone: true }),
              })
            : signOut.mutate(id, {
                onSuccess: (told) =>
                  onCame({ said: signedOut(told), good: told.outcome === 'at_the_api', gone: true }),
              })
        }
      >
        <List size="sm">
          <List.Item>
            {isShared
              ? 'Calls of every user of every app fail until somebody signs in again.'
              : `Calls for ${owner(connection)} fail until they sign in again.${lastCall}`}
          </List.Item>
          <List.Item>
            {asking === 'clear'
              ? 'Nothing is sent: at the API the session goes on until it ends by itself.'
              : 'The logout flow runs, where the connector has one, so that the session ends at the API too. It is forgotten here in any case.'}
          </List.Item>
        </List>
      </Confirm>
    </>
  );
}

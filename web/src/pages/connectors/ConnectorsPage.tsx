// All connectors, what is wrong with some of them, and the way to a new one.

import { Alert, Button, List, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { connectorsQuery } from '../../api/connectors.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Page } from '../../ui/Page.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { FirstSteps } from '../firstSteps/FirstSteps.tsx';
import { ConnectorRow } from './ConnectorRow.tsx';
import classes from './connectors.module.css';
import { NewConnector } from './NewConnector.tsx';

/** From how many on a list is searched rather than looked over. */
const MANY = 6;

/** The page. */
export function ConnectorsPage() {
  const connectors = useQuery(connectorsQuery);
  const [opened, dialog] = useDisclosure(false);
  const [sought, setSought] = useState('');
  if (connectors.isPending) return <Loading />;
  if (connectors.isLoadingError) return <Unloaded title="Connectors" error={connectors.error} reset={() => void connectors.refetch()} />;
  const { findings } = connectors.data;
  const all = connectors.data.connectors;
  const found = all.filter(({ connector, title }) => `${connector} ${title}`.toLowerCase().includes(sought.toLowerCase()));
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      New connector
    </Button>
  );
  return (
    <Page title="Connectors" actions={all.length > 0 && add}>
      <FirstSteps />
      {findings.map((finding) => (
        <Alert key={finding.message} color="orange" title={finding.message} mb="md">
          {finding.problems.length > 0 && (
            <List size="sm">
              {finding.problems.map((problem) => (
                <List.Item key={problem}>{problem}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      ))}
      {all.length >= MANY && (
        <TextInput
          aria-label="Search connectors"
          placeholder="Search"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          mb="md"
          maw={320}
        />
      )}
      {all.length === 0 ? (
        <Empty title="No connector yet" action={add}>
          A connector says how to sign in to an API whose sign-in takes more than one step, when that is over, and what can
          be called. Begin with an empty one, or with an example such as MediaWiki’s three requests.
        </Empty>
      ) : found.length === 0 ? (
        <Empty
          title={`No connector has “${sought}” in its name`}
          action={
            <Button variant="default" onClick={() => setSought('')}>
              Clear the search
            </Button>
          }
        >
          There are {all.length} in all.
        </Empty>
      ) : (
        <ul className={classes.list}>
          {found.map((connector) => (
            <ConnectorRow key={connector.connector} connector={connector} taken={all.map((one) => one.connector)} />
          ))}
        </ul>
      )}
      <NewConnector opened={opened} onClose={dialog.close} taken={all.map((one) => one.connector)} />
    </Page>
  );
}

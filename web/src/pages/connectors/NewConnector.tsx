// A new connector: empty, from an example, or from YAML that is there already.

import { Alert, Button, FileButton, Group, Modal, NavLink, ScrollArea, Stack, Tabs, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { examplesQuery, useCreate } from '../../api/connectors.ts';
import { apply, setValue } from '../../document/edit.ts';
import { read } from '../../document/reading.ts';
import { renderDocument } from '../../document/render.ts';
import { Failure } from '../../ui/Failure.tsx';
import { freeName, nameOf } from './freeName.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  taken: readonly string[];
}

/** The dialog. */
export function NewConnector({ opened, onClose, taken }: Props) {
  const create = useCreate();
  const navigate = useNavigate();
  const make = (text: string) =>
    create.mutate(text, {
      onSuccess: ({ connector }) => void navigate({ to: '/connectors/$name', params: { name: connector } }),
    });
  const close = () => {
    create.reset();
    onClose();
  };
  const props = { taken, make, isBusy: create.isPending };
  const problems = create.error?.definitionProblems ?? [];
  return (
    <Modal opened={opened} onClose={close} title="New connector" size="lg">
      <Tabs defaultValue="empty" keepMounted={false} onChange={() => create.reset()}>
        <Tabs.List mb="md">
          <Tabs.Tab value="empty">Empty</Tabs.Tab>
          <Tabs.Tab value="example">From an example</Tabs.Tab>
          <Tabs.Tab value="yaml">From YAML</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="empty">
          <FromNothing {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="example">
          <FromExample {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="yaml">
          <FromYaml {...props} />
        </Tabs.Panel>
      </Tabs>
      {create.isError &&
        (problems.length > 0 ? (
          <Alert color="red" role="alert" title="This cannot be used yet" mt="md">
            {problems.map(({ line, column, message, help }) => (
              <Text key={`${line} ${column} ${message}`} size="sm">
                Line {line}: {message} {help}
              </Text>
            ))}
          </Alert>
        ) : (
          <Failure error={create.error} />
        ))}
    </Modal>
  );
}

interface PartProps {
  taken: readonly string[];
  make: (text: string) => void;
  isBusy: boolean;
}

function FromNothing({ taken, make, isBusy }: PartProps) {
  const [title, setTitle] = useState('');
  const [url, setUrl] = useState('');
  const name = nameOf(title);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make(
      renderDocument({
        stepgate: 1,
        connector: freeName(name, taken),
        title: title.trim(),
        base_url: url.trim().replace(/\/+$/, ''),
        auth_flow: { steps: [] },
      }),
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Title"
          description="What people read."
          placeholder="Team wiki"
          data-autofocus
          required
          withAsterisk={false}
          value={title}
          error={title !== '' && name === '' && 'It needs a letter, which its name begins with.'}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Base URL"
          description="Where the API lives."
          placeholder="https://wiki.example.org"
          type="url"
          required
          withAsterisk={false}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy} disabled={name === ''}>
            Make the connector
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FromExample({ taken, make, isBusy }: PartProps) {
  const examples = useQuery(examplesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  if (examples.isLoadingError) return <Failure error={examples.error} reset={() => void examples.refetch()} />;
  const example = examples.data?.examples.find(({ name }) => name === chosen);
  return (
    <Stack>
      <ScrollArea.Autosize mah="50vh" type="auto">
        {examples.data?.examples.map(({ name, title }) => (
          <NavLink
            key={name}
            component="button"
            active={name === chosen}
            label={name}
            description={title}
            onClick={() => setChosen(name)}
          />
        ))}
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button loading={isBusy} disabled={!example} onClick={() => example && make(named(example.text, taken))}>
          Begin with this
        </Button>
      </Group>
    </Stack>
  );
}

function FromYaml({ taken, make, isBusy }: PartProps) {
  const [text, setText] = useState('');
  const takeFile = (file: File | null) => void file?.text().then(setText);
  return (
    <Stack>
      <Textarea
        label="Definition"
        description="YAML or JSON, as `stepgate check` takes it."
        autosize
        minRows={8}
        maxRows={18}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group justify="space-between">
        <FileButton accept=".yaml,.yml,.json" onChange={takeFile}>
          {(props) => (
            <Button variant="default" {...props}>
              Open a file
            </Button>
          )}
        </FileButton>
        <Button loading={isBusy} disabled={text.trim() === ''} onClick={() => make(named(text, taken))}>
          Make the connector
        </Button>
      </Group>
    </Stack>
  );
}

/** The text under a name that is free; one that cannot be read stays for the checker to say why. */
function named(text: string, taken: readonly string[]): string {
  const reading = read(text);
  const name = (reading.value as { connector?: unknown } | null | undefined)?.connector;
  if (reading.fault || typeof name !== 'string' || !taken.includes(name)) return text;
  return apply(text, setValue(reading, ['connector'], freeName(name, taken)));
}

// Adds a step: every kind with one line on what it is for; those that a flow cannot have say why.

import { Button, Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { KINDS, needsPerson, type Kind } from '../../../document/kinds.ts';
import type { Path } from '../../../document/path.ts';
import { labelOf } from '../../../document/schema.ts';
import { addStep } from '../../../document/steps.ts';
import { useForm } from '../context.ts';
import classes from './steps.module.css';

const WITHOUT_PERSON = ['refresh_flow', 'logout_flow'];

/** The button and its dialog. */
export function StepPicker({ path, count }: { path: Path; count: number }) {
  const form = useForm();
  const [opened, dialog] = useDisclosure(false);
  const [sought, setSought] = useState('');
  const kinds = kindsOf(form.definitions.kinds('step'));
  const found = kinds.filter(({ label, about, name }) =>
    `${label} ${name} ${about}`.toLowerCase().includes(sought.toLowerCase()),
  );
  const isAlone = WITHOUT_PERSON.includes(String(path[0]));
  const add = (kind: Kind) => {
    form.change(addStep(form.reading, path, count, kind, form.order));
    dialog.close();
    setSought('');
  };
  return (
    <>
      <Button variant="light" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={dialog.open}>
        Add step
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Add a step" size="lg">
        <TextInput
          aria-label="Search kinds"
          placeholder="Search"
          leftSection={<IconSearch size={16} aria-hidden />}
          data-autofocus
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === 'Enter' && first && !(isAlone && whyNot(first))) add(first);
          }}
        />
        <div className={classes.kinds}>
          {found.length === 0 && (
            <Text size="sm" c="dimmed" p="sm">
              No kind of step has “{sought}” in its name or description.
            </Text>
          )}
          {found.map((kind) => {
            const why = isAlone ? whyNot(kind) : null;
            return (
              <UnstyledButton key={kind.name} className={classes.kind} disabled={why !== null} onClick={() => add(kind)}>
                <span className={classes.kindName}>
                  {kind.label} <code>{kind.name}</code>
                </span>
                <span className={classes.kindAbout}>
                  {kind.about}
                  {why !== null && ` Not here: ${why}, and nobody sits before this flow.`}
                </span>
              </UnstyledButton>
            );
          })}
        </div>
      </Modal>
    </>
  );
}

/** What the server knows, in the picker's order and words; a kind that is new to the page is told in the server's. */
function kindsOf(known: readonly { kind: string; about: string }[]): Kind[] {
  const names = new Set(known.map(({ kind }) => kind));
  const told = KINDS.filter(({ name }) => names.has(name));
  const others = known.filter(({ kind }) => !KINDS.some(({ name }) => name === kind));
  return [
    ...told,
    ...others.map(({ kind, about }) => ({
      name: kind,
      label: labelOf(kind),
      about: about.replaceAll('`', ''),
      id: kind,
      begin: {},
      outputs: [],
    })),
  ];
}

function whyNot(kind: Kind): string | null {
  return needsPerson({ kind: kind.name, ...kind.begin });
}

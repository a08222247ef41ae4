// A map: a line for each key, whose name can be changed where it stands.

import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState } from 'react';
import { renameKey } from '../../../document/edit.ts';
import { showPath, type Path } from '../../../document/path.ts';
import { about, type Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { AnyField } from './AnyField.tsx';
import { Field, labelFor, type FieldProps } from './Field.tsx';
import { Fieldset } from './Fieldset.tsx';
import { itemOf, singular } from './ListField.tsx';
import classes from './ListField.module.css';
import { ObjectFields } from './ObjectFields.tsx';
import { sameProps } from './sameProps.ts';
import { RowActions } from './RowActions.tsx';

/** How the value of a new key begins. */
const BEGIN: Record<string, unknown> = {
  extract: { json: '$.' },
  parameters: { type: 'string' },
  environments: { base_url: 'https://' },
};

/** What the left side is called. */
const LEFT: Record<string, string> = { update_variables: 'Auth flow output', extract: 'Output' };

/** The map. */
export function MapField(props: FieldProps) {
  const { path, schema } = props;
  const form = useForm();
  const { definitions, readOnly } = form;
  const resolved = definitions.resolve(schema);
  const inner = typeof resolved.additionalProperties === 'object' ? resolved.additionalProperties : {};
  const value = form.at(path);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = String(path.at(-1));
  const [added, setAdded] = useState<string | null>(null);
  const add = () => {
    const isTyped = key === 'parameters' && form.definitions.shape(inner) === 'any';
    const name = freeKey(keys, nameFor(key));
    form.set([...path, name], isTyped ? '' : (BEGIN[key] ?? ''));
    setAdded(name);
  };
  return (
    <Fieldset path={path} label={labelFor(props)} about={about(schema)} isWhole={props.isWhole}>
      {keys.map((one) => (
        <Entry key={keys.indexOf(one)} path={[...path, one]} schema={inner} map={key} isNew={one === added} />
      ))}
      {!readOnly && (
        <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} onClick={add} className={classes.add}>
          Add {itemOf(key)}
        </Button>
      )}
    </Fieldset>
  );
}

interface EntryProps {
  path: Path;
  schema: Schema;
  map: string;
  /** Whether it was added just now. */
  isNew: boolean;
}

const Entry = memo(function Entry({ path, schema, map, isNew }: EntryProps) {
  const form = useForm();
  const name = String(path.at(-1));
  const shape = form.definitions.shape(schema);
  const value = form.at(path);
  const isPlain = typeof value !== 'object' || value === null;
  const remove = !form.readOnly && (
    <RowActions name={name} index={0} count={1} onRemove={() => form.remove(path)} />
  );
  if (shape === 'object') {
    return (
      <Fieldset path={path} label={name} actions={remove}>
        <KeyField path={path} label={LEFT[map] ?? 'Name'} isNew={isNew} />
        <ObjectFields path={path} schema={schema} always={map === 'parameters' ? ['type', 'required'] : []} />
      </Fieldset>
    );
  }
  return (
    <div className={classes.pair}>
      <KeyField path={path} label={LEFT[map] ?? 'Name'} isNew={isNew} bare />
      {isPlain && shape !== 'list' ? (
        <Field path={path} schema={{ type: 'string' }} label={`Value of ${name}`} bare required />
      ) : (
        <AnyField path={path} schema={schema} label={`Value of ${name}`} bare />
      )}
      <span>{remove}</span>
    </div>
  );
}, sameProps);

function KeyField({ path, label, isNew, bare = false }: { path: Path; label: string; isNew: boolean; bare?: boolean }) {
  const form = useForm();
  const name = String(path.at(-1));
  const [typed, setTyped] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  // The name that a new key begins with is there to be typed over.
  useEffect(() => {
    if (!isNew) return;
    input.current?.focus();
    input.current?.select();
  }, [isNew]);
  const take = () => {
    const next = typed?.trim();
    setTyped(null);
    if (next === undefined || next === '' || next === name) return;
    if (form.at([...path.slice(0, -1), next]) === undefined) form.change(renameKey(form.reading, path, next));
  };
  return (
    <TextInput
      ref={input}
      label={bare ? undefined : label}
      aria-label={bare ? `${label}, now ${name}` : undefined}
      value={typed ?? name}
      readOnly={form.readOnly}
      data-key={showPath(path)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}

function nameFor(map: string): string {
  if (map === 'headers') return 'X-Header';
  if (map === 'update_variables') return 'step.output';
  return singular(map).replace(/[^a-z0-9]/g, '') || 'name';
}

function freeKey(keys: readonly string[], base: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!keys.includes(name)) return name;
  }
}

// A list: plain values a line each, objects a box each; added at the end, moved and removed by buttons.

import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { memo } from 'react';
import { insertItem, moveItem } from '../../../document/edit.ts';
import type { Path } from '../../../document/path.ts';
import { plain } from '../../../document/reading.ts';
import { about, labelOf, type Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { AnyField } from './AnyField.tsx';
import { labelFor, type FieldProps } from './Field.tsx';
import { Fieldset } from './Fieldset.tsx';
import classes from './ListField.module.css';
import { ObjectFields } from './ObjectFields.tsx';
import { RowActions } from './RowActions.tsx';
import { sameProps } from './sameProps.ts';
import { useField } from './useField.ts';

/** How a new item begins, by the name of its list. */
const BEGIN: Record<string, string | Record<string, unknown>> = {
  fields: { key: 'field', type: 'text', label: 'Field' },
  request_parameters: { in: 'header', name: 'Authorization', value: 'Bearer ' },
  endpoints: { name: 'endpoint', request: { method: 'GET', url: '{{base_url}}/' } },
  origins: 'https://',
  secrets: 'secret',
  options: { value: 'one', label: 'One' },
};

/** How an endpoint of a connector begins that has one address and speaks GraphQL there. */
const GRAPHQL_ENDPOINT = { name: 'endpoint', request: { graphql: { query: 'query { viewer { id } }' } } };

/** What items show even where it is left out. */
const ALWAYS: Record<string, readonly string[]> = { fields: ['type', 'label'] };

/** The list. */
export function ListField(props: FieldProps) {
  const { path, schema } = props;
  const form = useForm();
  const { definitions, readOnly } = form;
  const items = form.at(path);
  const list = Array.isArray(items) ? (items as unknown[]) : [];
  const key = String(path.at(-1));
  const one = itemOf(key);
  const inner = definitions.resolve(schema).items ?? {};
  const add = () => {
    const first = key === 'endpoints' && form.at(['kind']) === 'graphql' ? GRAPHQL_ENDPOINT : BEGIN[key];
    form.change(insertItem(form.reading, path, list.length, begin(first, list), form.order));
  };
  return (
    <Fieldset path={path} label={labelFor(props)} about={about(schema)} isWhole={props.isWhole}>
      {list.map((item, index) => (
        <Item
          key={index}
          path={[...path, index]}
          schema={inner}
          name={nameOfItem(item) ?? `${one} ${index + 1}`}
          always={ALWAYS[key] ?? []}
          index={index}
          count={list.length}
        />
      ))}
      {!readOnly && (
        <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} onClick={add} className={classes.add}>
          Add {one}
        </Button>
      )}
    </Fieldset>
  );
}

interface ItemProps {
  path: Path;
  schema: Schema;
  name: string;
  always: readonly string[];
  index: number;
  count: number;
}

const Item = memo(function Item({ path, schema, name, always, index, count }: ItemProps) {
  const form = useForm();
  const actions = !form.readOnly && (
    <RowActions
      name={name}
      index={index}
      count={count}
      onMove={(to) => form.change(moveItem(form.reading, path.slice(0, -1), index, to))}
      onRemove={() => form.remove(path)}
    />
  );
  switch (form.definitions.shape(schema)) {
    case 'object':
      return (
        <Fieldset path={path} label={name} actions={actions}>
          <ObjectFields path={path} schema={schema} always={always} />
        </Fieldset>
      );
    case 'text':
      return (
        <div className={classes.row}>
          <PlainItem path={path} schema={schema} label={name} bare />
          {actions}
        </div>
      );
    case 'any':
    case 'choice':
    case 'condition':
    case 'list':
    case 'map':
    case 'number':
    case 'truth':
      return (
        <div className={classes.row}>
          <AnyField path={path} schema={schema} label={name} bare />
          {actions}
        </div>
      );
  }
}, sameProps);

function PlainItem(props: FieldProps) {
  const { value, set, readOnly, common } = useField(props);
  return (
    <TextInput
      {...common}
      className={classes.grow}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      readOnly={readOnly}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function begin(first: string | Record<string, unknown> = {}, list: readonly unknown[]): unknown {
  if (typeof first !== 'object') return first;
  const naming = ['key', 'name'].find((one) => one in first);
  // Names of request parameters may come twice, by a condition.
  if (naming === undefined || 'in' in first) return first;
  const base = plain(first[naming]);
  const taken = new Set(list.map((item) => (item as Record<string, unknown> | null)?.[naming]));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!taken.has(name)) return { ...first, [naming]: name };
  }
}

function nameOfItem(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  const { key, name, label, value } = item as Record<string, unknown>;
  const found = [key, name, label, value].find((one) => typeof one === 'string');
  return typeof found === 'string' ? found : null;
}

/** What one is called that a list or map does not name by its own name. */
const ONE: Readonly<Record<string, string>> = {
  query: 'query parameter',
  form: 'form field',
  multipart: 'part',
  json: 'key',
  extract: 'output',
  update_variables: 'update',
  show: 'thing to show',
};

/** One of the items of a list or map, in words. */
export function itemOf(key: string): string {
  return ONE[key] ?? singular(key);
}

/** One of a list's items, by the list's name. */
export function singular(key: string): string {
  const words = labelOf(key).toLowerCase();
  return words.endsWith('s') ? words.slice(0, -1) : words;
}

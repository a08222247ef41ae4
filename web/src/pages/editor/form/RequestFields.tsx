// A request: method and address in one line, then parameters, headers, one body, and the rest.

import { Autocomplete, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Path } from '../../../document/path.ts';
import { showPath } from '../../../document/path.ts';
import { setValue } from '../../../document/edit.ts';
import { remove } from '../../../document/removal.ts';
import type { Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { Field, Row } from './Field.tsx';
import { JsonBody } from './JsonBody.tsx';
import { More } from './ObjectFields.tsx';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

const BODIES: readonly [string, string, unknown][] = [
  ['json', 'JSON', {}],
  ['form', 'Form', {}],
  ['multipart', 'Multipart', {}],
  ['text', 'Text', ''],
  ['graphql', 'GraphQL', { query: 'query { viewer { id } }' }],
];

/** The fields of a request. */
export function RequestFields({ path, schema }: { path: Path; schema: Schema }) {
  const form = useForm();
  const { properties = {} } = schema;
  const value = (form.at(path) ?? {}) as Record<string, unknown>;
  const [added, setAdded] = useState<readonly string[]>([]);
  // An endpoint of a GraphQL connector goes to the one address that it has.
  const isOneUrl = form.at(['kind']) === 'graphql' && path[0] === 'endpoints';
  const body = BODIES.find(([name]) => name in value)?.[0] ?? null;
  const others = ['query', 'headers', 'timeout', 'sign_in'].filter((key) => key in properties);
  const isShown = (key: string) => key in value || added.includes(key);
  const bodies = BODIES.filter(([name]) => name in properties);
  return (
    <Stack gap="sm">
      <Row>
        <Autocomplete
          label="Method"
          data={METHODS}
          value={typeof value.method === 'string' ? value.method : ''}
          placeholder="GET"
          readOnly={form.readOnly}
          onChange={(method) => (method === '' ? form.remove([...path, 'method']) : form.set([...path, 'method'], method.toUpperCase()))}
          data-path={showPath([...path, 'method'])}
          style={{ flex: '0 1 110px' }}
        />
        <div style={{ flex: '1 1 240px' }}>
          <Field
            path={[...path, 'url']}
            schema={{ type: 'string', description: isOneUrl ? 'Left out: the base URL.' : undefined }}
            label="URL"
            required={!isOneUrl}
          />
        </div>
      </Row>
      {others
        .filter((key) => isShown(key) && key !== 'timeout' && key !== 'sign_in')
        .map((key) => (
          <Field key={key} path={[...path, key]} schema={properties[key] ?? {}} />
        ))}
      <Select
        label="Body"
        data={[{ value: '', label: 'None' }, ...bodies.map(([name, label]) => ({ value: name, label }))]}
        value={body ?? ''}
        disabled={form.readOnly}
        onChange={(next) => changeBody(next ?? '')}
        style={{ maxWidth: 180 }}
      />
      {body === 'json' && <JsonBody path={[...path, body]} schema={properties.json ?? {}} />}
      {body !== null && body !== 'json' && <Field path={[...path, body]} schema={properties[body] ?? {}} required />}
      {others
        .filter((key) => isShown(key) && (key === 'timeout' || key === 'sign_in'))
        .map((key) => (
          <Field key={key} path={[...path, key]} schema={properties[key] ?? {}} />
        ))}
      {!form.readOnly && others.some((key) => !isShown(key)) && (
        <More
          keys={others.filter((key) => !isShown(key))}
          properties={properties}
          onAdd={(key) => setAdded([...added, key])}
        />
      )}
    </Stack>
  );

  function changeBody(next: string): void {
    if (next === (body ?? '')) return;
    if (next === '') {
      if (body !== null) form.change(remove(form.reading, [...path, body]));
      return;
    }
    const begin = BODIES.find(([name]) => name === next)?.[2];
    const before = body === null ? undefined : value[body];
    // Fields stay fields, whichever way they are sent.
    const isKept = typeof before === 'object' && typeof begin === 'object' && next !== 'graphql';
    const rest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== body));
    if (body === null) form.change(setValue(form.reading, [...path, next], begin, form.order));
    else form.set(path, { ...rest, [next]: isKept ? before : begin });
  }
}

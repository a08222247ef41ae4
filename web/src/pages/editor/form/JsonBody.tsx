// A JSON body: a line a key where it is a map, each with its own place for a template; as YAML where it is anything else.

import { Button } from '@mantine/core';
import { useState } from 'react';
import { showPath, type Path } from '../../../document/path.ts';
import type { Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { showField } from '../showField.ts';
import { AnyField } from './AnyField.tsx';
import { Field } from './Field.tsx';

const MAP: Schema = { type: 'object', additionalProperties: true };

/** The body. */
export function JsonBody({ path, schema }: { path: Path; schema: Schema }) {
  const form = useForm();
  const value = form.at(path);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const [isWhole, setWhole] = useState(false);
  const [isUnread, setUnread] = useState(false);
  const description = schema.description ?? '';
  const change = () => {
    // What could not be read stands nowhere else: it stays, and says what is wrong with it.
    if (isWhole && isUnread) showField(showPath(path));
    else setWhole(!isWhole);
  };
  return (
    <>
      {isMap && !isWhole ? (
        <Field path={path} schema={{ ...MAP, description }} label="JSON" />
      ) : (
        <AnyField path={path} schema={{ description }} label="JSON" required onEnd={(isTaken) => setUnread(!isTaken)} />
      )}
      {isMap && (
        <Button size="compact-xs" variant="subtle" style={{ alignSelf: 'flex-start' }} onClick={change}>
          {isWhole ? 'Edit key by key' : 'Edit as YAML'}
        </Button>
      )}
    </>
  );
}

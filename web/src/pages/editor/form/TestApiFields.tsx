// The test API: at first a request with the form's own fields as its parameters; everything else under Advanced.

import { Alert, Button, Checkbox, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { showPath } from '../../../document/path.ts';
import { valueAt } from '../../../document/reading.ts';
import { useForm } from '../context.ts';
import { Field } from './Field.tsx';
import { ObjectFields } from './ObjectFields.tsx';

const PATH = ['test_api'] as const;
const SCHEMA = { $ref: '#/$defs/test_api' };

/** The fields. */
export function TestApiFields() {
  const form = useForm();
  const [isAdvanced, setAdvanced] = useState(false);
  const test = form.at(PATH);
  const fields = formFields(form.at(['auth_flow', 'steps']));
  if (test === undefined) {
    const query = Object.fromEntries(
      fields.filter(({ type }) => type !== 'password' && type !== 'otp').map(({ step, key }) => [key, `{{${step}.${key}}}`]),
    );
    const request = { method: 'GET', url: '{{base_url}}/', ...(Object.keys(query).length > 0 ? { query } : {}) };
    return (
      !form.readOnly && (
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => form.set(PATH, { name: 'Test', request, expect: { value: '{{response.status}}', equals: 200 } })}
        >
          Add a test API
        </Button>
      )
    );
  }
  const exposed = inAddress(test, fields);
  const open = fields.filter(({ type }) => type !== 'password' && type !== 'otp');
  const query = valueAt(test, ['request', 'query']);
  const missing = open.filter(({ step, key }) => !JSON.stringify(query ?? {}).includes(`{{${step}.${key}`));
  return (
    <Stack gap="sm">
      <Field path={[...PATH, 'name']} schema={{ type: 'string', description: 'What people read.' }} label="Name" />
      {isAdvanced ? (
        <ObjectFields path={PATH} schema={SCHEMA} without={['name']} always={['expect']} />
      ) : (
        <>
          <Field path={[...PATH, 'request', 'url']} schema={{ type: 'string' }} label="URL" required />
          <Field
            path={[...PATH, 'request', 'query']}
            schema={{ type: 'object', additionalProperties: true, description: 'Parameters of the address.' }}
            label="Parameters"
          />
          {missing.length > 0 && !form.readOnly && (
            <Button
              size="compact-sm"
              variant="light"
              style={{ alignSelf: 'flex-start' }}
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => {
                const added = Object.fromEntries(missing.map(({ step, key }) => [key, `{{${step}.${key}}}`]));
                const before = typeof query === 'object' && query !== null ? query : {};
                form.set([...PATH, 'request', 'query'], { ...added, ...before });
              }}
            >
              {`Send ${missing.map(({ key }) => key).join(', ')} of the form too`}
            </Button>
          )}
          <Field path={[...PATH, 'expect']} schema={{ $ref: '#/$defs/condition' }} label="Expect" />
        </>
      )}
      {exposed !== null && (
        <Alert color="orange" title="A password would stand in the address" data-path={showPath([...PATH, 'request'])}>
          {`{{${exposed}}} is a password, and addresses are kept by logs and proxies. Send it in the body or a header.`}
        </Alert>
      )}
      <Checkbox
        label="Advanced"
        description="Method, headers, body and the rest."
        checked={isAdvanced}
        onChange={(event) => setAdvanced(event.currentTarget.checked)}
      />
    </Stack>
  );
}

interface FormField {
  step: string;
  key: string;
  type: string;
}

function formFields(steps: unknown): FormField[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    const [id, fields] = [valueAt(step, ['id']), valueAt(step, ['fields'])];
    if (typeof id !== 'string' || !Array.isArray(fields)) return [];
    return fields.flatMap((field: unknown) => {
      const [key, type] = [valueAt(field, ['key']), valueAt(field, ['type'])];
      return typeof key === 'string' ? [{ step: id, key, type: typeof type === 'string' ? type : 'text' }] : [];
    });
  });
}

/** The password, as a path, that the test API would put into its address. */
function inAddress(test: unknown, fields: readonly FormField[]): string | null {
  const texts = JSON.stringify([valueAt(test, ['request', 'url']), valueAt(test, ['request', 'query'])]);
  const found = fields.find(({ step, key, type }) => type === 'password' && texts.includes(`{{${step}.${key}`));
  return found ? `${found.step}.${found.key}` : null;
}

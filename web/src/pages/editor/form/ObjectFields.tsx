// The fields of an object: those that it has or has to have, and a menu of those that it may get.

import { Button, Menu, Select, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Path } from '../../../document/path.ts';
import { about, labelOf, nameOf, type Schema, type Shape } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { AnyField } from './AnyField.tsx';
import { Field } from './Field.tsx';
import classes from './ObjectFields.module.css';
import { RequestFields } from './RequestFields.tsx';

interface Props {
  path: Path;
  schema: Schema;
  /** Keys that stand elsewhere. */
  without?: readonly string[];
  /** Keys that are shown even where they are left out. */
  always?: readonly string[];
}

/** The fields. */
export function ObjectFields({ path, schema, without = [], always = [] }: Props) {
  const form = useForm();
  const { definitions, readOnly } = form;
  const value = form.at(path);
  const [added, setAdded] = useState<readonly string[]>([]);
  if (nameOf(schema) === 'request') return <RequestFields path={path} schema={definitions.resolve(schema)} />;
  const inner = definitions.variant(schema, value);
  const kinds = inner.anyOf ? nameOf(schema) : kindsOf(schema, definitions.resolve(schema));
  const { properties = {}, required = [] } = inner;
  const keys = Object.keys(properties).filter((key) => !without.includes(key) && key !== 'kind');
  const present = (key: string) => typeof value === 'object' && value !== null && key in value;
  const isShown = (key: string) => present(key) || required.includes(key) || always.includes(key) || added.includes(key);
  const hidden = keys.filter((key) => !isShown(key));
  const unknown = Object.keys(typeof value === 'object' && value !== null ? value : {}).filter(
    (key) => !(key in properties) && key !== 'kind' && !without.includes(key),
  );
  return (
    <Stack gap="sm">
      {kinds && <KindField path={path} name={kinds} />}
      <div className={classes.grid}>
        {keys.filter(isShown).map((key) => (
          <div key={key} className={classes.cell} data-wide={isWide(key, definitions.shape(properties[key] ?? {}))}>
            <Field path={[...path, key]} schema={properties[key] ?? {}} required={required.includes(key)} />
          </div>
        ))}
      </div>
      {unknown.map((key) => (
        <AnyField key={key} path={[...path, key]} schema={{ description: 'The form does not know this key.' }} />
      ))}
      {!readOnly && hidden.length > 0 && (
        <More keys={hidden} properties={properties} onAdd={(key) => setAdded([...added, key])} />
      )}
    </Stack>
  );
}

/** Whether a field needs the whole width. */
function isWide(key: string, shape: Shape): boolean {
  if (shape === 'text') return /url|text|code|query|help|string_to_sign|^jwt$|^key$|pattern/.test(key) && key !== 'key';
  return shape !== 'choice' && shape !== 'number' && shape !== 'truth';
}

interface MoreProps {
  keys: readonly string[];
  properties: Readonly<Record<string, Schema>>;
  onAdd: (key: string) => void;
}

/** The menu of what may be added. */
export function More({ keys, properties, onAdd }: MoreProps): ReactNode {
  return (
    <Menu position="bottom-start" width={340}>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} style={{ alignSelf: 'flex-start' }}>
          More settings
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {keys.map((key) => (
          <Menu.Item key={key} onClick={() => onAdd(key)}>
            {labelOf(key)}
            <Text size="xs" c="dimmed">
              {about(properties[key] ?? {})}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function KindField({ path, name }: { path: Path; name: string }) {
  const form = useForm();
  const kinds = form.definitions.kinds(name);
  const kind = form.at([...path, 'kind']);
  const chosen = kinds.find((one) => one.kind === kind);
  return (
    <Select
      label="Kind"
      description={chosen?.about.replaceAll('`', '')}
      data={kinds.map((one) => ({ value: one.kind, label: one.kind === 'none' ? 'none' : labelOf(one.kind) }))}
      value={typeof kind === 'string' ? kind : null}
      disabled={form.readOnly}
      onChange={(next) => next && form.set(path, { kind: next })}
    />
  );
}

function kindsOf(schema: Schema, resolved: Schema): string | null {
  return resolved.anyOf?.some((one) => nameOf(one)?.includes('_')) ? nameOf(schema) : null;
}

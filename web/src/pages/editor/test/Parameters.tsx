// The parameters of an endpoint for one call, and the same call by curl through the gateway.

import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { plain, valueAt } from '../../../document/reading.ts';
import { useCopy } from '../../../ui/useCopy.ts';
import { useForm } from '../context.ts';

interface Props {
  connector: string;
  endpoint: string;
  values: Readonly<Record<string, unknown>>;
  onChange: (values: Record<string, unknown>) => void;
}

/** The parameters. */
export function Parameters({ connector, endpoint, values, onChange }: Props) {
  const form = useForm();
  const copy = useCopy();
  const endpoints = form.at(['endpoints']);
  const list: unknown[] = Array.isArray(endpoints) ? endpoints : [];
  const found = list.find((one) => valueAt(one, ['name']) === endpoint);
  const declared = valueAt(found, ['parameters']);
  const all = Object.entries(typeof declared === 'object' && declared !== null ? declared : {});
  const set = (name: string, value: unknown) => {
    const rest = Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const curl = () => {
    const body = JSON.stringify({ parameters: values });
    const line = `curl -s ${window.location.origin}/call/${connector}/${endpoint} --json '${body.replaceAll("'", `'\\''`)}' -H 'Stepgate-Key: sg_app_…' -H 'Stepgate-User: …'`;
    copy(line, 'Copied as curl, with a place for your app’s key');
  };
  return (
    <Stack gap="xs">
      {all.map(([name, about]) => {
        const type = valueAt(about, ['type']);
        const isRequired = valueAt(about, ['required']) !== false && valueAt(about, ['default']) === undefined;
        const common = { label: name, required: isRequired, placeholder: plain(valueAt(about, ['default'])) };
        return type === 'integer' || type === 'number' ? (
          <NumberInput key={name} {...common} value={(values[name] as number | undefined) ?? ''} onChange={(next) => set(name, next)} />
        ) : (
          <TextInput
            key={name}
            {...common}
            value={plain(values[name])}
            onChange={(event) => set(name, typed(type, event.currentTarget.value))}
          />
        );
      })}
      <Group>
        <Button size="compact-sm" variant="subtle" leftSection={<IconCopy size={14} aria-hidden />} onClick={curl}>
          Copy as curl
        </Button>
      </Group>
    </Stack>
  );
}

function typed(type: unknown, text: string): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type !== 'object' && type !== 'array') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

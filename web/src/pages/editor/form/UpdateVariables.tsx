// Which outputs of the auth flow a renewal replaces: the target at the left, what takes its place at the right.

import { Autocomplete, Button, Text } from '@mantine/core';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import { renameKey } from '../../../document/edit.ts';
import { about, type Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { OutputPicker } from '../pick/OutputPicker.tsx';
import { Field } from './Field.tsx';
import { Fieldset } from './Fieldset.tsx';
import { outputsOf } from './outputs.ts';
import { RowActions } from './RowActions.tsx';
import classes from './UpdateVariables.module.css';

const PATH = ['refresh_flow', 'update_variables'] as const;

/** The list. */
export function UpdateVariables({ schema }: { schema: Schema }) {
  const form = useForm();
  const updates = form.at(PATH);
  const targets = typeof updates === 'object' && updates !== null ? Object.keys(updates) : [];
  const outputs = outputsOf(form.at(['auth_flow', 'steps']));
  const renewed = outputsOf(form.at(['refresh_flow', 'steps']));
  const free = outputs.find((one) => !targets.includes(one)) ?? `step.output${targets.length + 1}`;
  const rename = (target: string, next: string) => {
    if (next === '' || next === target || targets.includes(next)) return;
    form.change(renameKey(form.reading, [...PATH, target], next));
  };
  return (
    <Fieldset path={PATH} label="Update variables" about={about(schema)}>
      {targets.length > 0 && (
        <div className={classes.head} aria-hidden>
          <Text size="xs" c="dimmed">
            Auth flow output
          </Text>
          <Text size="xs" c="dimmed">
            becomes
          </Text>
        </div>
      )}
      {targets.map((target, index) => (
        <div key={index} className={classes.row}>
          <span className={classes.side}>
            <Autocomplete
              aria-label={`Auth flow output ${index + 1}`}
              data={outputs}
              defaultValue={target}
              key={target}
              data-key={target}
              readOnly={form.readOnly}
              onBlur={(event) => rename(target, event.currentTarget.value.trim())}
            />
            {!form.readOnly && (
              <OutputPicker flow="auth_flow" label={`Pick auth flow output ${index + 1}`} onPick={(path) => rename(target, path)} />
            )}
          </span>
          <IconArrowLeft size={16} aria-hidden />
          <span className={classes.side}>
            <Field path={[...PATH, target]} schema={{ type: 'string' }} label={`What ${target} becomes`} bare required />
            {!form.readOnly && (
              <OutputPicker
                flow="refresh_flow"
                label={`Pick what ${target} becomes`}
                onPick={(path) => form.set([...PATH, target], `{{${path}}}`)}
              />
            )}
          </span>
          {!form.readOnly && (
            <RowActions name={target} index={0} count={1} onRemove={() => form.remove([...PATH, target])} />
          )}
        </div>
      ))}
      {!form.readOnly && (
        <Button
          size="compact-sm"
          variant="light"
          className={classes.add}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => form.set([...PATH, free], renewed[0] === undefined ? '{{}}' : `{{${renewed[0]}}}`)}
        >
          Add update
        </Button>
      )}
    </Fieldset>
  );
}

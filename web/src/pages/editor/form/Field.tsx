// One value of the definition: what its schema says it is decides how it is edited.

import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { showPath, type Path } from '../../../document/path.ts';
import { plain } from '../../../document/reading.ts';
import { about, labelOf, leftOut, type Schema } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { AnyField } from './AnyField.tsx';
import { ConditionField } from './ConditionField.tsx';
import { Fieldset } from './Fieldset.tsx';
import { ListField } from './ListField.tsx';
import { MapField } from './MapField.tsx';
import { ObjectFields } from './ObjectFields.tsx';
import { sameProps } from './sameProps.ts';
import { useField } from './useField.ts';

/** What a field is given. */
export interface FieldProps {
  path: Path;
  schema: Schema;
  /** Instead of the key in words. */
  label?: string;
  /** Whether it may not be left out. */
  required?: boolean;
  /** Whether the label is for screen readers alone, as in a table. */
  bare?: boolean;
  /** Whether a heading above has its name already. */
  isWhole?: boolean;
}

/** Texts that have lines. */
const LONG = new Set(['code', 'text', 'query', 'string_to_sign']);

/** The field. */
export const Field = memo(function Field(props: FieldProps) {
  const { definitions } = useForm();
  switch (definitions.shape(props.schema)) {
    case 'text':
      return <TextField {...props} />;
    case 'number':
      return <TextField {...props} isNumber />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'truth':
      return <TruthField {...props} />;
    case 'condition':
      return <ConditionField {...props} />;
    case 'map':
      return <MapField {...props} />;
    case 'list':
      return <ListField {...props} />;
    case 'object':
      return (
        <Fieldset path={props.path} label={labelFor(props)} about={about(props.schema)}>
          <ObjectFields path={props.path} schema={props.schema} />
        </Fieldset>
      );
    case 'any':
      return <AnyField {...props} />;
  }
}, sameProps);

function TextField(props: FieldProps & { isNumber?: boolean }) {
  const { path, schema, required = false, bare = false, isNumber = false } = props;
  const { value, set, clear, readOnly, common } = useField(props);
  // A map's keys are its author's, and say nothing of what their values are.
  const key = bare ? '' : String(path.at(-1));
  const isCode = key === 'code';
  const isList = Array.isArray(value);
  const shown = isList ? value.map(String).join(' ') : plain(value);
  const write = (text: string) => {
    if (text === '' && !required) clear();
    else if (isNumber && /^-?\d+$/.test(text)) set(Number(text));
    else set(text);
  };
  const shared = {
    ...common,
    value: shown,
    readOnly: readOnly || isList,
    placeholder: leftOut(schema) ?? undefined,
    onChange: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
  };
  const style = { input: { fontFamily: isCode || shown.includes('{{') ? 'var(--mantine-font-family-monospace)' : undefined } };
  if (LONG.has(key) || shown.includes('\n')) {
    return <Textarea {...shared} autosize minRows={isCode ? 4 : 1} maxRows={18} styles={style} />;
  }
  return <TextInput {...shared} inputMode={isNumber ? 'numeric' : undefined} styles={style} />;
}

function ChoiceField(props: FieldProps) {
  const { schema, required = false } = props;
  const { definitions } = useForm();
  const { value, set, clear, readOnly, common } = useField(props);
  const choices = (definitions.resolve(schema).enum ?? []).map(String);
  const absent = leftOut(schema);
  const isUnknown = value !== undefined && !choices.includes(plain(value));
  const options = [
    ...(required ? [] : [{ value: '', label: absent === null ? 'Not set' : `${absent} (left out)` }]),
    ...[...choices, ...(isUnknown ? [plain(value)] : [])].map((choice) => ({ value: choice, label: choice })),
  ];
  return (
    <Select
      {...common}
      data={options}
      value={plain(value)}
      disabled={readOnly}
      onChange={(choice) => (choice ? set(choice) : clear())}
    />
  );
}

function TruthField(props: FieldProps) {
  const { schema } = props;
  const { value, set, readOnly, common } = useField(props);
  // A checkbox has its label behind it.
  const others = { ...common, inputWrapperOrder: undefined };
  const isOn = value === undefined ? leftOut(schema) === 'true' : value === true;
  return (
    <Checkbox
      {...others}
      checked={isOn}
      disabled={readOnly}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  );
}

/** What a field is called. */
export function labelFor({ path, label }: { path: Path; label?: string }): string {
  return label ?? labelOf(String(path.at(-1) ?? showPath(path)));
}

/** A line of fields that shares its width. */
export function Row({ children }: { children: ReactNode }) {
  return <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10 }}>{children}</div>;
}

// A condition: one test of a value, or several joined, as deep as one likes.

import { Button, Select, Text, TextInput } from '@mantine/core';
import { IconCheck, IconPlus, IconX } from '@tabler/icons-react';
import { apply, insertItem, renameKey, setValue } from '../../../document/edit.ts';
import { showPath, type Path } from '../../../document/path.ts';
import { plain, read } from '../../../document/reading.ts';
import { about } from '../../../document/schema.ts';
import { useForm, type Form } from '../context.ts';
import { useLastTest } from '../scope/lastTest.ts';
import { Field, labelFor, Row, type FieldProps } from './Field.tsx';
import { Fieldset } from './Fieldset.tsx';
import classes from './ListField.module.css';
import { RowActions } from './RowActions.tsx';

const TESTS: readonly [string, string][] = [
  ['equals', 'equals'],
  ['not_equals', 'does not equal'],
  ['in', 'is one of'],
  ['matches', 'matches the pattern'],
  ['exists', 'is there'],
  ['less_than', 'is less than'],
  ['greater_than', 'is greater than'],
];

const JOINS: readonly [string, string][] = [
  ['one', 'One test'],
  ['all', 'All of these'],
  ['any', 'Any of these'],
  ['not', 'Not this'],
];

const BEGIN = { value: '{{response.status}}', equals: 200 };

/** The condition. */
export function ConditionField(props: FieldProps) {
  const { path, schema } = props;
  const form = useForm();
  const actions = !form.readOnly && !props.required && (
    <RowActions name={labelFor(props)} index={0} count={1} onRemove={() => form.remove(path)} />
  );
  const isThere = form.at(path) !== undefined;
  return (
    <Fieldset path={path} label={labelFor(props)} about={about(schema)} actions={isThere && actions}>
      {isThere ? (
        <>
          <Condition path={path} />
          <LastVerdict path={path} />
        </>
      ) : (
        !form.readOnly && (
          <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} className={classes.add} onClick={() => form.set(path, BEGIN)}>
            Add a condition
          </Button>
        )
      )}
    </Fieldset>
  );
}

/** How a step's condition came out in the last test. */
function LastVerdict({ path }: { path: Path }) {
  const form = useForm();
  const { steps } = useLastTest(form.lastTest);
  const row = path[1] === 'steps' ? steps.get(plain(form.at([...path.slice(0, 3), 'id']))) : undefined;
  const verdict = row?.judged.findLast(({ condition }) => condition === path.at(-1));
  if (!verdict) return null;
  return (
    <Text size="xs" className={classes.verdict} data-holds={verdict.holds}>
      {verdict.holds ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
      {verdict.holds ? 'Held in the last test' : 'Did not hold in the last test'}
    </Text>
  );
}

function Condition({ path }: { path: Path }) {
  const form = useForm();
  const value = form.at(path);
  const join = joinOf(value);
  const inner = join === 'one' ? null : Array.isArray(value) ? path : [...path, join];
  const choose = (next: string | null) => {
    if (next === null || next === join) return;
    const before = value as Record<string, unknown>;
    const list = join === 'one' ? [before] : Array.isArray(value) ? value : before[join];
    const items: unknown[] = Array.isArray(list) ? list : [list];
    if (next === 'one' || next === 'not') form.set(path, next === 'one' ? items[0] : { not: items[0] });
    else form.set(path, { [next]: items });
  };
  return (
    <>
      <Select
        aria-label="How the tests are joined"
        data={JOINS.map(([name, label]) => ({ value: name, label }))}
        value={join}
        disabled={form.readOnly}
        onChange={choose}
        size="xs"
        w={160}
      />
      {inner === null ? (
        <Test path={path} />
      ) : join === 'not' ? (
        <Condition path={inner} />
      ) : (
        <Joined path={inner} />
      )}
    </>
  );
}

function Joined({ path }: { path: Path }) {
  const form = useForm();
  const items = form.at(path);
  const list = Array.isArray(items) ? (items as unknown[]) : [];
  return (
    <>
      {list.map((_, index) => (
        <Fieldset
          key={index}
          path={[...path, index]}
          label={`Test ${index + 1}`}
          actions={
            !form.readOnly && (
              <RowActions
                name={`test ${index + 1}`}
                index={index}
                count={list.length}
                onRemove={() => form.remove([...path, index])}
              />
            )
          }
        >
          <Condition path={[...path, index]} />
        </Fieldset>
      ))}
      {!form.readOnly && (
        <Button
          size="compact-sm"
          variant="light"
          className={classes.add}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => form.change(insertItem(form.reading, path, list.length, BEGIN))}
        >
          Add test
        </Button>
      )}
    </>
  );
}

function Test({ path }: { path: Path }) {
  const form = useForm();
  const value = (form.at(path) ?? {}) as Record<string, unknown>;
  const test = TESTS.find(([name]) => name in value)?.[0] ?? 'equals';
  const operand = value[test];
  return (
    <>
      <Row>
        <div style={{ flex: '2 1 180px' }}>
          <Field path={[...path, 'value']} schema={{ type: 'string' }} label="Value" bare required />
        </div>
        <Select
          aria-label="Test"
          data={TESTS.map(([name, label]) => ({ value: name, label }))}
          value={test}
          disabled={form.readOnly}
          onChange={(next) => next && changeTest(form, path, test, next, operand)}
          style={{ flex: '1 1 130px' }}
        />
        {test === 'exists' ? (
          <Select
            aria-label="Whether it is there"
            data={[
              { value: 'true', label: 'yes' },
              { value: 'false', label: 'no' },
            ]}
            value={operand === false ? 'false' : 'true'}
            disabled={form.readOnly}
            onChange={(next) => form.set([...path, 'exists'], next === 'true')}
            style={{ flex: '1 1 90px' }}
          />
        ) : (
          <TextInput
            aria-label="Compared with"
            data-path={showPath([...path, test])}
            value={shown(operand)}
            readOnly={form.readOnly}
            onChange={(event) => form.set([...path, test], typed(test, event.currentTarget.value))}
            style={{ flex: '1 1 110px' }}
          />
        )}
      </Row>
      {(path.includes('expect') || 'else' in value) && (
        <Field
          path={[...path, 'else']}
          schema={{ type: 'string', description: 'What the person reads where it does not hold.' }}
          label="Else"
        />
      )}
    </>
  );
}

function joinOf(value: unknown): 'one' | 'all' | 'any' | 'not' {
  if (Array.isArray(value)) return 'all';
  if (typeof value !== 'object' || value === null) return 'one';
  return (['all', 'any', 'not'] as const).find((name) => name in value) ?? 'one';
}

function changeTest(form: Form, path: Path, before: string, after: string, operand: unknown): void {
  const isThere = form.at([...path, before]) !== undefined;
  const operandAfter = typed(after, shown(operand));
  if (!isThere) {
    form.set([...path, after], operandAfter);
    return;
  }
  // Two edits of one text: the second is made on what the first leaves.
  const renamed = read(apply(form.reading.text, renameKey(form.reading, [...path, before], after)));
  const text = apply(renamed.text, setValue(renamed, [...path, after], operandAfter));
  const edit = difference(form.reading.text, text);
  form.change([edit]);
}

function difference(before: string, after: string) {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let same = 0;
  const most = Math.min(before.length, after.length) - from;
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

function shown(operand: unknown): string {
  if (Array.isArray(operand)) return operand.map(String).join(', ');
  return typeof operand === 'object' ? JSON.stringify(operand) : plain(operand);
}

/** What was typed, as the value that it looks like. */
function typed(test: string, text: string): unknown {
  if (test === 'exists') return text !== 'false';
  if (test === 'in') return text.split(',').map((one) => scalar(one.trim()));
  return test === 'matches' ? text : scalar(text);
}

function scalar(text: string): unknown {
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}


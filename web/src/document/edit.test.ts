// Edits in the text: what is edited changes, everything around it stays as it was written.

import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply, insertItem, moveItem, renameKey, setValue, type Change } from './edit.ts';
import type { Path } from './path.ts';
import { read, valueAt, type Reading } from './reading.ts';
import { remove } from './removal.ts';

const WIKI = `# The wiki.
stepgate: 1
connector: wiki   # short
base_url: "https://wiki.example.org"
later: { unknown: key }

auth_flow:
  steps:
    # Asks.
    - id: form1
      kind: form
      fields:
        - { key: username, type: text }
        - { key: password, type: password } # secret

    # Sends.
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login" }
      expect:
        value: "{{login.status}}"   # of the reply
        equals: 200
`;

function edited(text: string, edit: (reading: Reading) => Change[]): string {
  const after = apply(text, edit(read(text)));
  expect(read(after).fault).toBeNull();
  return after;
}

const ORDER = () => ['stepgate', 'connector', 'title', 'base_url', 'auth_flow', 'id', 'kind', 'when', 'title'];

const SETS: [string, Path, unknown, string, string][] = [
  ['a plain value', ['connector'], 'team-wiki', 'connector: wiki   # short', 'connector: team-wiki   # short'],
  ['in its quotes', ['base_url'], 'https://w.example', '"https://wiki.example.org"', '"https://w.example"'],
  ['quoted where it has to be', ['connector'], '{{x}}', 'connector: wiki ', 'connector: "{{x}}" '],
  ['a text that looks like a number', ['connector'], '12', 'connector: wiki ', 'connector: "12" '],
  ['inside braces', ['auth_flow', 'steps', 0, 'fields', 1, 'type'], 'otp', 'type: password }', 'type: otp }'],
  ['inside braces, with a comma', ['later', 'unknown'], 'a, b', 'unknown: key', 'unknown: "a, b"'],
  ['a number beside a comment', ['auth_flow', 'steps', 1, 'expect', 'equals'], 204, 'equals: 200', 'equals: 204'],
  ['a new key in its order', ['title'], 'Team wiki', '# short\n', '# short\ntitle: Team wiki\n'],
  ['a new key in braces', ['auth_flow', 'steps', 1, 'request', 'timeout'], '5s', '/login" }', '/login", timeout: 5s }'],
  [
    'a new map in braces',
    ['auth_flow', 'steps', 1, 'request', 'form', 'user'],
    '{{form1.username}}',
    '/login" }',
    '/login", form: { user: "{{form1.username}}" } }',
  ],
  [
    'a new key between others',
    ['auth_flow', 'steps', 0, 'when'],
    { value: '{{x}}', exists: true },
    'kind: form\n',
    'kind: form\n      when: { value: "{{x}}", exists: true }\n',
  ],
  [
    'a new section at the end',
    ['session', 'margin'],
    '30s',
    'equals: 200\n',
    'equals: 200\n\nsession:\n  margin: 30s\n',
  ],
];

describe('setting a value', () => {
  test.each(SETS)('%s', (_, path, value, before, after) => {
    expect(WIKI).toContain(before);
    expect(edited(WIKI, (reading) => setValue(reading, path, value, ORDER))).toBe(WIKI.replace(before, () => after));
  });

  test.each([
    ['', ['connector'], 'wiki', 'connector: wiki\n'],
    ['# only a comment\n', ['connector'], 'wiki', '# only a comment\nconnector: wiki\n'],
    ['title:\nkind: rest\n', ['title'], 'Wiki', 'title: Wiki\nkind: rest\n'],
    ['cookies: # the jar\nkind: rest\n', ['cookies', 'forward_all'], true, 'cookies:\n  forward_all: true # the jar\nkind: rest\n'],
    ['cookies: {}\n', ['cookies', 'forward_all'], true, 'cookies:\n  forward_all: true\n'],
    ['steps: []\n', ['steps'], [{ id: 'a', kind: 'form' }], 'steps:\n  - id: a\n    kind: form\n'],
    ['a: 1\n', ['code'], 'let x;\nreturn x;', 'a: 1\ncode: |-\n  let x;\n  return x;\n'],
    ['code: |-\n  one\n  two\nb: 1\n', ['code'], 'one', 'code: one\nb: 1\n'],
    ['code: |\n  one\n  two\nb: 1\n', ['code'], 'one\n\nthree\n', 'code: |\n  one\n\n  three\nb: 1\n'],
    ['list:\n  - a # first\n  - b\n', ['list', 0], 'c', 'list:\n  - c # first\n  - b\n'],
    ['list: [a, b]\n', ['list', 1], 'c: d', 'list: [a, "c: d"]\n'],
    ['{"a": {"b": 1}}', ['a', 'c'], 'x', '{"a": {"b": 1, c: x}}'],
    ['text: x', ['text'], 'has # and: more', 'text: "has # and: more"'],
  ] as [string, Path, unknown, string][])('%j at %j', (text, path, value, after) => {
    expect(edited(text, (reading) => setValue(reading, path, value))).toBe(after);
  });
});

describe('removing', () => {
  test.each([
    ['a line', ['connector'], 'connector: wiki   # short\n', ''],
    ['inside braces', ['auth_flow', 'steps', 0, 'fields', 0, 'type'], ', type: text }', ' }'],
    ['the first inside braces', ['auth_flow', 'steps', 1, 'request', 'method'], 'method: POST, ', ''],
    ['what stands beside a dash', ['auth_flow', 'steps', 1, 'id'], 'id: login\n      kind', 'kind'],
    ['the only key of a map, and the map', ['later', 'unknown'], 'later: { unknown: key }\n', ''],
    ['an item', ['auth_flow', 'steps', 0, 'fields', 1], '        - { key: password, type: password } # secret\n', ''],
    [
      'a step with its comment',
      ['auth_flow', 'steps', 0],
      WIKI.slice(WIKI.indexOf('    # Asks.'), WIKI.indexOf('    # Sends.')),
      '',
    ],
    ['the last step', ['auth_flow', 'steps', 1], WIKI.slice(WIKI.indexOf('    # Sends.')), ''],
  ] as [string, Path, string, string][])('%s', (_, path, before, after) => {
    expect(WIKI).toContain(before);
    expect(edited(WIKI, (reading) => remove(reading, path))).toBe(WIKI.replace(before, after));
  });

  test('the only step leaves an empty list', () => {
    const text = 'auth_flow:\n  steps:\n    - id: a\n      kind: form\n';
    expect(edited(text, (reading) => remove(reading, ['auth_flow', 'steps', 0]))).toBe('auth_flow:\n  steps: []\n');
  });
});

describe('lists', () => {
  test('a step moves with its comment, blank lines stay between', () => {
    const after = edited(WIKI, (reading) => moveItem(reading, ['auth_flow', 'steps'], 1, 0));
    expect(after.indexOf('# Sends.')).toBeLessThan(after.indexOf('# Asks.'));
    expect(after).toContain('equals: 200\n\n    # Asks.');
    expect(after.endsWith('# secret\n')).toBe(true);
    expect(edited(after, (reading) => moveItem(reading, ['auth_flow', 'steps'], 0, 1))).toBe(WIKI);
  });

  test('items in brackets move too', () => {
    const text = 'list: [ { a: 1 }, b, "c" ]\n';
    expect(edited(text, (reading) => moveItem(reading, ['list'], 0, 2))).toBe('list: [ b, "c", { a: 1 } ]\n');
  });

  test.each([
    [0, ['c', 'a', 'b']],
    [1, ['a', 'c', 'b']],
    [2, ['a', 'b', 'c']],
  ])('an item is put in at %i', (index, expected) => {
    for (const text of ['list:\n  - a\n  - b # two\n', 'list: [a, b]\n', 'list:\n- a\n- b\nmore: 1\n']) {
      const after = edited(text, (reading) => insertItem(reading, ['list'], index, 'c'));
      expect(valueAt(read(after).value, ['list'])).toEqual(expected);
    }
  });

  test('a list that is not there yet begins', () => {
    const after = edited('stepgate: 1\n', (reading) =>
      insertItem(reading, ['auth_flow', 'steps'], 0, { id: 'form1', kind: 'form' }),
    );
    expect(after).toBe('stepgate: 1\n\nauth_flow:\n  steps:\n    - id: form1\n      kind: form\n');
  });
});

test('a key is renamed where it stands', () => {
  expect(edited('a: { b: 1, c: 2 } # x\n', (reading) => renameKey(reading, ['a', 'b'], 'd e'))).toBe(
    'a: { d e: 1, c: 2 } # x\n',
  );
});

const EXAMPLES = resolve(import.meta.dirname, '../../../examples');

describe('every example', () => {
  const files = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));
  test.each(files)('%s: each value set to itself and to another leaves the others alone', (name) => {
    const text = readFileSync(resolve(EXAMPLES, name), 'utf8');
    const reading = read(text);
    const all = leaves(reading.value);
    for (const path of all) {
      const same = apply(text, setValue(reading, path, valueAt(reading.value, path)));
      expect(read(same).value).toEqual(reading.value);
    }
    for (const path of all.filter((_, at) => at % 5 === 0)) {
      const other = read(apply(text, setValue(reading, path, 'an: other # "value"')));
      expect(other.fault).toBeNull();
      const expected = structuredClone(reading.value);
      const parent = valueAt(expected, path.slice(0, -1)) as Record<string | number, unknown>;
      parent[path.at(-1) ?? ''] = 'an: other # "value"';
      expect(other.value).toEqual(expected);
      expect(comments(other.text)).toBeGreaterThanOrEqual(comments(text) - 1);
    }
  }, 60_000);
});

function comments(text: string): number {
  return text.split('\n').filter((line) => line.trimStart().startsWith('#')).length;
}

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

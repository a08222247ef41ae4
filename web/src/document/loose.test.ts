// What people type for a value of any shape.

import { expect, test } from 'vitest';
import { looselyRead, looselyWritten } from './loose.ts';

test.each([
  ['{{login.body.token}}', '{{login.body.token}}'],
  ['{{a}} and {{b}}', '{{a}} and {{b}}'],
  ['Bearer {{a}}', 'Bearer {{a}}'],
  ['user: {{form1.user}}\npass: {{form1.pass | base64}}', { user: '{{form1.user}}', pass: '{{form1.pass | base64}}' }],
  ['- {{a}}\n- name: {{b}}\n  x: 1', ['{{a}}', { name: '{{b}}', x: 1 }]],
  ['{ "a": "{{b}}", "n": 1 }', { a: '{{b}}', n: 1 }],
  ['user: "{{a}}"', { user: '{{a}}' }],
  ['{ name: {{a.b}}, other: {{c}} }', { name: '{{a.b}}', other: '{{c}}' }],
  ['x: [ {{a}}, {{b}} ]', { x: ['{{a}}', '{{b}}'] }],
  ["{{a.b | default('x')}}", "{{a.b | default('x')}}"],
  ['{{base_url}}/admin/', '{{base_url}}/admin/'],
  ['12', 12],
  ['true', true],
  ['', null],
])('%s', (text, value) => {
  expect(looselyRead(text)).toEqual(value);
});

test('no YAML is told, and where', () => {
  expect(() => looselyRead('a: [')).toThrow(/^Line 1: /);
  expect(() => looselyRead('user: {{a.b}}\npass: "x')).toThrow(/^Line 2: Missing closing "quote$/);
});

test.each([
  ['{{a}}', '{{a}}'],
  ['Bearer {{a}}', 'Bearer {{a}}'],
  ['12', '"12"'],
  [12, '12'],
  ['true', '"true"'],
  ['', '""'],
  [undefined, ''],
  [{ a: '{{b}}' }, 'a: "{{b}}"'],
])('%j is shown so that it is read as itself', (value, text) => {
  expect(looselyWritten(value)).toBe(text);
  if (value !== undefined) expect(looselyRead(text)).toEqual(value);
});

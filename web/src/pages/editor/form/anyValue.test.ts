// Values of any shape, typed and shown.

import { expect, test } from 'vitest';
import { readAny, showAny } from './anyValue.ts';

test.each([
  ['{{login.body.token}}', '{{login.body.token}}'],
  ['{{base_url}}/admin/', '{{base_url}}/admin/'],
  ["{{a.b | default('x')}}", "{{a.b | default('x')}}"],
  ['Bearer {{login.body.token}}', 'Bearer {{login.body.token}}'],
  ['name: {{parameters.name}}\nage: 3', { name: '{{parameters.name}}', age: 3 }],
  ['{ name: {{parameters.name}}, other: {{a.b}} }', { name: '{{parameters.name}}', other: '{{a.b}}' }],
  ['[ {{a}}, {{b}} ]', ['{{a}}', '{{b}}']],
  ['- {{a}}\n- "{{b}}"', ['{{a}}', '{{b}}']],
  ['true', true],
  ['{ a: { b: 1 } }', { a: { b: 1 } }],
])('%s is read as it is meant', (text, value) => {
  expect(readAny(text)).toEqual(value);
});

test('what no YAML is says so', () => {
  expect(() => readAny('[ 1,')).toThrow();
});

test.each([
  ['{{login.body.token}}', '{{login.body.token}}'],
  ['Bearer {{login.body.token}}', 'Bearer {{login.body.token}}'],
  ['true', '"true"'],
  ['2', '"2"'],
  [true, 'true'],
  [{ a: '{{b}}' }, 'a: "{{b}}"'],
  [undefined, ''],
])('%j is shown so that it is read as the same', (value, text) => {
  expect(showAny(value)).toBe(text);
  if (value !== undefined) expect(readAny(text)).toEqual(value);
});

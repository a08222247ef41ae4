// Disabling a step and enabling it again changes its condition alone.

import { expect, test } from 'vitest';
import { disable, enable, isDisabled } from './disabling.ts';
import { apply } from './edit.ts';
import { read, valueAt } from './reading.ts';

const PATH = ['auth_flow', 'steps', 0];

const text = (when: string) => `auth_flow:
  steps:
    # Signs in.
    - id: login
      kind: api_request
${when}      request: { method: GET, url: x } # once
`;

test.each([
  ['', undefined],
  ['      when: { value: "{{a.b}}", equals: 1 }\n', { value: '{{a.b}}', equals: 1 }],
  [
    '      when:\n        all:\n          - { value: a, exists: true }\n          - { value: b, exists: true }\n',
    { all: [{ value: 'a', exists: true }, { value: 'b', exists: true }] },
  ],
  ['      when: [{ value: a, exists: true }]\n', { value: 'a', exists: true }],
  ['      when: { any: [{ value: a, exists: true }] }\n', { any: [{ value: 'a', exists: true }] }],
])('with the condition %j', (when, after) => {
  const before = read(text(when));
  const disabled = read(apply(before.text, disable(before, PATH, () => ['id', 'kind', 'when', 'request'])));
  const step = (reading: typeof before) => valueAt(reading.value, PATH);
  expect(disabled.fault).toBeNull();
  expect(isDisabled(step(before))).toBe(false);
  expect(isDisabled(step(disabled))).toBe(true);
  expect(disabled.text).toContain('# Signs in.');
  expect(disabled.text).toContain('# once');
  const enabled = read(apply(disabled.text, enable(disabled, PATH)));
  expect(isDisabled(step(enabled))).toBe(false);
  expect(valueAt(step(enabled), ['when'])).toEqual(after);
  if (when === '') expect(enabled.text).toBe(before.text);
});

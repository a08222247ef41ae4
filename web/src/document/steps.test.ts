// Steps as a whole: renamed with what reads them, copied and pasted, duplicated.

import { describe, expect, test } from 'vitest';
import { apply } from './edit.ts';
import { KINDS } from './kinds.ts';
import { read, valueAt } from './reading.ts';
import { addStep, copySteps, duplicateStep, pasteSteps, renameStep } from './steps.ts';
import { stepIds } from './template.ts';

const AUTH = ['auth_flow', 'steps'] as const;
const REFRESH = ['refresh_flow', 'steps'] as const;

const TEXT = `auth_flow:
  steps:
    # Asks.
    - id: form1
      kind: form
      fields: [{ key: password, type: password }]
    # Sends.
    - id: login
      kind: api_request
      request: { method: POST, url: "{{ base_url }}/login", form: { p: "{{form1.password | trim}}" } }
      on_fail: { back_to: form1 }
    - id: shape
      kind: js_code
      parameters: { body: "{{login.body}}" }
      code: "return { login: '{{login}}' };"
refresh_flow:
  steps:
    - id: renew
      kind: api_request
      request: { url: "{{base_url}}/renew", json: { token: "{{login.body.token}}" } }
  update_variables: { login.body.token: "{{renew.body.token}}" }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{login.body.token}}" }
`;

describe('renaming', () => {
  const after = apply(TEXT, renameStep(read(TEXT), AUTH, 1, 'session'));

  test('takes over every reading of it', () => {
    expect(after).toBe(
      TEXT.replace('id: login', 'id: session')
        .replaceAll('{{login.body', '{{session.body')
        .replace('{ login.body.token:', '{ session.body.token:'),
    );
  });

  test('leaves scripts and other names alone', () => {
    expect(after).toContain("'{{login}}'");
    expect(after).toContain('{{ base_url }}/login');
  });

  test('takes over a form that a step goes back to', () => {
    const renamed = apply(TEXT, renameStep(read(TEXT), AUTH, 0, 'who'));
    expect(renamed).toContain('back_to: who');
    expect(renamed).toContain('{{who.password | trim}}');
  });

  test('of a refresh step stays within its flow', () => {
    const text = TEXT.replace('Bearer {{login', 'Bearer {{renew');
    const renamed = apply(text, renameStep(read(text), REFRESH, 0, 'again'));
    expect(renamed).toContain('"{{again.body.token}}"');
    expect(renamed).toContain('Bearer {{renew.body.token}}');
  });

  test('of an auth step leaves a refresh flow alone that has one of the same id', () => {
    const text = TEXT.replace('id: renew', 'id: login');
    const renamed = apply(text, renameStep(read(text), AUTH, 1, 'session'));
    expect(renamed).toContain('json: { token: "{{login.body.token}}" }');
    expect(renamed).toContain('Bearer {{session.body.token}}');
  });
});

describe('copying and pasting', () => {
  test('a copy has its comment and stands alone', () => {
    const clip = copySteps(read(TEXT), AUTH, [0]);
    expect(clip).toBe(`# Asks.\n- id: form1\n  kind: form\n  fields: [{ key: password, type: password }]\n`);
    expect(read(clip).fault).toBeNull();
  });

  test('several, with what they read of each other, get ids that are free', () => {
    const reading = read(TEXT);
    const pasted = pasteSteps(reading, AUTH, 3, copySteps(reading, AUTH, [1, 2]));
    if ('refused' in pasted) throw new Error(pasted.refused);
    const after = apply(TEXT, pasted.changes);
    const { value, fault } = read(after);
    expect(fault).toBeNull();
    expect(stepIds(value, AUTH)).toEqual(['form1', 'login', 'shape', 'login2', 'shape2']);
    expect(valueAt(value, [...AUTH, 4, 'parameters', 'body'])).toBe('{{login2.body}}');
    expect(pasted.renamed).toEqual([
      ['login', 'login2'],
      ['shape', 'shape2'],
    ]);
    expect(after.match(/# Sends\./g)).toHaveLength(2);
  });

  test('a kind that needs a person is refused where nobody sits, with the reason', () => {
    const reading = read(TEXT);
    const pasted = pasteSteps(reading, REFRESH, 1, copySteps(reading, AUTH, [0, 2]));
    expect(pasted).toEqual({
      refused: 'Nobody is there to answer in a refresh flow. `form1` is of kind form: it asks somebody.',
    });
  });

  test.each([
    ['title: x', 'This holds no steps: each has at least `id` and `kind`.'],
    ['- a', 'This holds no steps: each has at least `id` and `kind`.'],
    ['a: [', 'This is no YAML'],
    ['', 'This holds no steps'],
  ])('%j holds no steps', (clip, why) => {
    const pasted = pasteSteps(read(TEXT), AUTH, 0, clip);
    expect('refused' in pasted && pasted.refused).toContain(why);
  });

  test.each([
    ['one step', '{ id: a, kind: totp, secret: x }'],
    ['a flow', 'steps:\n  - id: a\n    kind: totp\n    secret: x\n'],
    ['JSON', '[{ "id": "a", "kind": "totp", "secret": "x" }]'],
  ])('%s is taken, also into an empty flow', (_, clip) => {
    for (const text of ['title: x\n', 'auth_flow:\n  steps: []\n', 'auth_flow:\n  steps:\n    - { id: b, kind: totp }\n']) {
      const pasted = pasteSteps(read(text), AUTH, 0, clip);
      if ('refused' in pasted) throw new Error(pasted.refused);
      const { value, fault } = read(apply(text, pasted.changes));
      expect(fault).toBeNull();
      expect(valueAt(value, [...AUTH, 0])).toEqual({ id: 'a', kind: 'totp', secret: 'x' });
    }
  });

  test('a step is duplicated behind itself', () => {
    const made = duplicateStep(read(TEXT), AUTH, 1);
    if ('refused' in made) throw new Error(made.refused);
    expect(stepIds(read(apply(TEXT, made.changes)).value, AUTH)).toEqual(['form1', 'login', 'login2', 'shape']);
  });
});

test.each(KINDS.map((kind) => [kind.name, kind] as const))('a new %s reads as what it begins with', (_, kind) => {
  for (const text of ['stepgate: 1\n', TEXT]) {
    const reading = read(text);
    const count = stepIds(reading.value, AUTH).length;
    const { value, fault } = read(apply(text, addStep(reading, AUTH, count, kind)));
    expect(fault).toBeNull();
    const added = valueAt(value, [...AUTH, count]) as Record<string, unknown>;
    expect(added).toMatchObject({ kind: kind.name, ...kind.begin });
    expect(new Set(stepIds(value, AUTH)).size).toBe(count + 1);
  }
});

// What users get to see, by the definition.

import { expect, test } from 'vitest';
import { shownOf, titleOf } from './shown.ts';

const steps = (...all: Record<string, unknown>[]) => ({
  connector: 'wiki',
  base_url: 'https://wiki.example.org/w',
  auth_flow: { steps: all },
});

test('a form has what is left out filled in as users get it', () => {
  const definition = steps({
    id: 'form1',
    kind: 'form',
    fields: [
      { key: 'user' },
      { key: 'team', type: 'choice', required: false, options: ['a', { value: 'b', label: 'Bee' }, { value: 'c' }] },
    ],
    show: [{ label: 'Compare', text: '42' }, { qr: 'otpauth://' }, { image: 'x', label: 'Letters' }],
  });
  expect(shownOf(definition, 'auth_flow')).toEqual([
    {
      kind: 'form',
      step: 'form1',
      title: 'wiki',
      text: '',
      above: ['Compare: 42', 'a QR code', 'Letters: an image'],
      isSentAgain: false,
      fields: [
        { key: 'user', type: 'text', label: 'user', help: '', placeholder: '', initial: '', isRequired: true, options: [] },
        {
          key: 'team',
          type: 'choice',
          label: 'team',
          help: '',
          placeholder: '',
          initial: '',
          isRequired: false,
          options: [
            { value: 'a', label: 'a' },
            { value: 'b', label: 'Bee' },
            { value: 'c', label: 'c' },
          ],
        },
      ],
    },
  ]);
  expect(titleOf(definition)).toBe('wiki');
});

test.each([
  [{ id: 'a', kind: 'callback', url: '{{base_url}}/authorize?state={{state}}' }, [{ kind: 'page', step: 'a', host: 'wiki.example.org' }]],
  [
    { id: 'a', kind: 'oauth2_pkce', authorization_url: 'https://id.example.com/o', token_url: 'x' },
    [{ kind: 'page', step: 'a', host: 'id.example.com' }],
  ],
  [{ id: 'a', kind: 'oauth2', issuer: '{{variables.issuer}}' }, [{ kind: 'page', step: 'a', host: 'wiki.example.org' }]],
  [{ id: 'a', kind: 'device_code' }, [{ kind: 'code', step: 'a', host: 'wiki.example.org' }]],
  [{ id: 'a', kind: 'oauth1', access_token_url: 'x' }, []],
  [{ id: 'a', kind: 'api_request', request: {} }, []],
])('%o', (step, shown) => {
  expect(shownOf(steps(step), 'auth_flow')).toEqual(shown);
});

test('a definition without a flow shows nothing', () => {
  expect(shownOf(null, 'auth_flow')).toEqual([]);
  expect(shownOf({ auth_flow: { steps: 'x' } }, 'auth_flow')).toEqual([]);
});

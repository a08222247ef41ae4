// Requests as lines for a shell.

import { expect, test } from 'vitest';
import { curlOf } from './curl.ts';

test.each([
  [{ url: '{{base_url}}/me' }, "curl '{{base_url}}/me'"],
  [{ method: 'DELETE', url: 'https://a/x?y=1', query: { z: '{{a.b}}' } }, "curl -X DELETE 'https://a/x?y=1&z={{a.b}}'"],
  [
    { method: 'POST', url: 'u', headers: { 'X-A': 'b' }, json: { user: '{{form1.user}}', n: 1 } },
    `curl 'u' -H 'X-A: b' --json '{"user":"{{form1.user}}","n":1}'`,
  ],
  [{ url: 'u', form: { a: "it's" } }, `curl 'u' --data-urlencode 'a=it'\\''s'`],
  [{ method: 'PUT', url: 'u', text: 'x' }, "curl -X PUT 'u' --data 'x'"],
  [{ url: 'u', graphql: { query: '{ me }' } }, `curl 'u' --json '{"query":"{ me }"}'`],
])('%o', (request, line) => {
  expect(curlOf(request)).toBe(line);
});

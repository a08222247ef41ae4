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
  [{ url: 'u', form: { a: [1, 'b'] } }, "curl 'u' --data-urlencode 'a=1' --data-urlencode 'a=b'"],
  [{ method: 'PUT', url: 'u', text: '@x' }, "curl -X PUT 'u' -H 'Content-Type: text/plain; charset=utf-8' --data-raw '@x'"],
  [{ url: 'u', headers: { 'content-type': 'text/csv' }, text: 'x' }, "curl 'u' -H 'content-type: text/csv' --data-raw 'x'"],
  [{ url: 'u', multipart: { title: '{{a.b}}', file: '@x;type=y' } }, "curl 'u' --form-string 'title={{a.b}}' --form-string 'file=@x;type=y'"],
  [{ url: 'u', graphql: { query: '{ me }' } }, `curl 'u' --json '{"query":"{ me }"}'`],
])('%o', (request, line) => {
  expect(curlOf(request)).toBe(line);
});

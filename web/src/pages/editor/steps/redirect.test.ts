// Where APIs send people back to.

import { expect, test } from 'vitest';
import { redirectOf } from './redirect.ts';

test.each([
  ['https://gate.example.org', undefined, { url: 'https://gate.example.org/callback/wiki', isSafe: true, elsewhere: null }],
  [
    'http://127.0.0.1:8080',
    'https://gate.example.org',
    { url: 'https://gate.example.org/callback/wiki', isSafe: true, elsewhere: 'http://127.0.0.1:8080' },
  ],
  ['http://localhost:8080', 'http://localhost:8080', { url: 'http://localhost:8080/callback/wiki', isSafe: true, elsewhere: null }],
  ['http://[::1]:8080', undefined, { url: 'http://[::1]:8080/callback/wiki', isSafe: true, elsewhere: null }],
  ['http://gate.example.org', undefined, { url: 'http://gate.example.org/callback/wiki', isSafe: false, elsewhere: null }],
])('looked at %s, the server at %s', (here, server, redirect) => {
  expect(redirectOf('wiki', here, server)).toEqual(redirect);
});

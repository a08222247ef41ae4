// How browsers are told.

import { expect, test } from 'vitest';
import { browser } from './browser.ts';

test.each([
  ['', 'Does not say'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1', 'Safari on iOS'],
  ['curl/8.14.1', 'curl'],
  ['backup-script', 'backup-script'],
])('%s is %s', (agent, told) => {
  expect(browser(agent)).toBe(told);
});

// Who is asked before a page goes.

import { expect, test } from 'vitest';
import { askBeforeLeaving, mayLeave } from './leaving.ts';

test('a page goes once everybody has agreed, and those who are gone are not asked', async () => {
  expect(await mayLeave()).toBe(true);
  const forget = [askBeforeLeaving(() => Promise.resolve(true)), askBeforeLeaving(() => Promise.resolve(false))];
  expect(await mayLeave()).toBe(false);
  forget[1]?.();
  expect(await mayLeave()).toBe(true);
  forget[0]?.();
});

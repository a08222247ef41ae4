// When a part of the form is shown anew.

import { expect, test } from 'vitest';
import { read, valueAt } from '../../document/reading.ts';
import { Reads } from './reads.ts';
import type { Snapshot } from './store.ts';

const snapshot = (text: string): Snapshot => ({ text, reading: read(text), fault: null, isChanged: false, canUndo: false });

test('only a change of what was read counts', () => {
  const reads = new Reads();
  const first = snapshot('a: 1\nb: 2\n');
  const title = (at: Snapshot) => valueAt(at.reading.value, ['a']);
  expect(reads.read('a', first, title)).toBe(1);
  const begun = reads.version(first);
  expect(reads.version(snapshot('a: 1\nb: 3\n'))).toBe(begun);
  const other = snapshot('a: 9\nb: 3\n');
  expect(reads.version(other)).toBe(begun + 1);
  expect(reads.version(other)).toBe(begun + 1);
  expect(reads.version(snapshot('a: 9\n'))).toBe(begun + 1);
});

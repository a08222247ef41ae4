// A step that is disabled: it has a condition that never holds, so that every run skips it and the definition stays a valid one.

import { setValue, type Change, type KeyOrder } from './edit.ts';
import type { Path } from './path.ts';
import { valueAt, type Reading } from './reading.ts';
import { remove } from './removal.ts';

/** What never holds, and says so to whoever reads the text. */
const NEVER = { value: 'disabled', equals: 'enabled' };

/** Whether a step is disabled. */
export function isDisabled(step: unknown): boolean {
  const when = valueAt(step, ['when']);
  return isNever(when) || listOf(when).some(isNever);
}

/** Disables the step at a path; its own condition stays beside. */
export function disable(reading: Reading, path: Path, order?: KeyOrder): Change[] {
  const at = [...path, 'when'];
  const when = valueAt(reading.value, at);
  const list = listOf(when);
  const value = when === undefined ? NEVER : { all: [NEVER, ...(list.length > 0 ? list : [when])] };
  return setValue(reading, at, value, order);
}

/** Enables it again; its own condition is as it was. */
export function enable(reading: Reading, path: Path, order?: KeyOrder): Change[] {
  const at = [...path, 'when'];
  const rest = listOf(valueAt(reading.value, at)).filter((one) => !isNever(one));
  if (rest.length === 0) return remove(reading, at);
  return setValue(reading, at, rest.length === 1 ? rest[0] : { all: rest }, order);
}

function listOf(when: unknown): unknown[] {
  const all = Array.isArray(when) ? when : valueAt(when, ['all']);
  return Array.isArray(all) ? (all as unknown[]) : [];
}

function isNever(condition: unknown): boolean {
  return valueAt(condition, ['value']) === NEVER.value && valueAt(condition, ['equals']) === NEVER.equals;
}

// What the steps of a flow leave behind, as far as the definition tells: paths to choose from.

import { KINDS } from '../../../document/kinds.ts';
import { valueAt } from '../../../document/reading.ts';

/** The paths, in the order of the steps. */
export function outputsOf(steps: unknown): string[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    const id = valueAt(step, ['id']);
    if (typeof id !== 'string') return [];
    const fields = valueAt(step, ['fields']);
    const keys = Array.isArray(fields) ? fields.map((field) => valueAt(field, ['key'])) : [];
    const extracted = Object.keys((valueAt(step, ['extract']) as object | undefined) ?? {});
    const always = KINDS.find(({ name }) => name === valueAt(step, ['kind']))?.outputs ?? [];
    return [...keys, ...extracted, ...always].filter((key) => typeof key === 'string').map((key) => `${id}.${key}`);
  });
}

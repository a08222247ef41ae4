// What an earlier run used up, so that a run that goes on from it may be refused: codes that are good for one use.

import { valueAt } from '../../../document/reading.ts';

/** Paths of one-time values that steps before this one left behind. */
export function usedUp(steps: unknown, before: string): string[] {
  if (!Array.isArray(steps)) return [];
  const end = steps.findIndex((step) => valueAt(step, ['id']) === before);
  return steps.slice(0, Math.max(0, end)).flatMap((step: unknown) => {
    const id = valueAt(step, ['id']);
    if (typeof id !== 'string') return [];
    switch (valueAt(step, ['kind'])) {
      case 'form': {
        const fields = valueAt(step, ['fields']);
        const codes = Array.isArray(fields) ? fields.filter((field) => valueAt(field, ['type']) === 'otp') : [];
        return codes.map((field) => `${id}.${String(valueAt(field, ['key']))}`);
      }
      case 'callback':
      case 'totp':
        return [`${id}.code`];
      default:
        return [];
    }
  });
}

/** Whether a flow has a step. */
export function hasStep(steps: unknown, id: string): boolean {
  return Array.isArray(steps) && steps.some((step) => valueAt(step, ['id']) === id);
}

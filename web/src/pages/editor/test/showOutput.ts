// Brings an output into view in the timeline of the last test, its step unfolded.

import { unfold } from '../unfolding.ts';

/** Shows it, where that test has it. */
export function showOutput(path: string): void {
  const [step = ''] = path.split(/[.[]/);
  unfold(`test:${step}`);
  const found = document.querySelector<HTMLElement>(`[data-output="${CSS.escape(path)}"]`);
  found?.scrollIntoView({ block: 'center' });
  found?.focus({ preventScroll: true });
}

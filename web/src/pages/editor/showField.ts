// Brings the form's field of a path into view and gives it the focus; finds it for the caret of the text, too.

import { parsePath, showPath } from '../../document/path.ts';
import { unfold } from './unfolding.ts';

/** Whether there is one; what it is folded into is unfolded. */
export function showField(path: string): boolean {
  unfold(path);
  const found = fieldOf(path);
  if (!found) return false;
  found.scrollIntoView({ block: 'center' });
  const field = found.matches('input, textarea, button') ? found : found.querySelector<HTMLElement>('input, textarea, button');
  field?.focus({ preventScroll: true });
  return true;
}

/** The field, or the nearest part of the form around it that shows. */
export function fieldOf(path: string): HTMLElement | null {
  const parts = parsePath(path);
  for (let depth = parts.length; depth > 0; depth--) {
    const name = showPath(parts.slice(0, depth));
    const found = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(name)}"]`);
    if (found) return found;
  }
  return document.getElementById(`part-${String(parts[0])}`);
}

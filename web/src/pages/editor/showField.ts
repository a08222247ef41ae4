// Brings the form's field of a path into view and gives it the focus.

import { parsePath, showPath } from '../../document/path.ts';

/** Whether there is one; where the field itself is folded away, what is around it counts. */
export function showField(path: string): boolean {
  const parts = parsePath(path);
  for (let depth = parts.length; depth > 0; depth--) {
    const name = showPath(parts.slice(0, depth));
    const found = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(name)}"]`);
    if (!found) continue;
    found.scrollIntoView({ block: 'center' });
    const field = found.matches('input, textarea, button') ? found : found.querySelector<HTMLElement>('input, textarea, button');
    field?.focus({ preventScroll: true });
    return true;
  }
  return false;
}

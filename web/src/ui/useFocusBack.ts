// Gives the focus back once a dialog is closed: to what opened it, or to the page where that is gone. Mantine does so only for
// dialogs that are there while they are closed, and not for those that an item of a menu opens.

import { useLayoutEffect } from 'react';

/** What had the focus last, which may have gone since: an item of a menu goes as its dialog comes. */
let last: Element | null = null;
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) last = target;
});

/** Does so for a dialog that is there while it is shown, or while `opened`. */
export function useFocusBack(opened = true): void {
  useLayoutEffect(() => {
    if (!opened) return undefined;
    const before = openerOf(document.activeElement === document.body ? last : document.activeElement);
    return () => {
      if (!(before instanceof HTMLElement) || before === document.body) return;
      // A dialog that goes slowly draws the focus to itself until the next frame.
      requestAnimationFrame(() => {
        const successor = before.isConnected ? before : document.getElementById('content');
        successor?.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}

/** What was used to open it: of an item of a menu, what opens the menu. */
function openerOf(focused: Element | null): Element | null {
  const menu = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return menu ? document.getElementById(menu) : focused;
}

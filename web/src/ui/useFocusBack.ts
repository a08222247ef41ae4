// Gives the focus back once a dialog is closed: to what had it before, or to the page where that is gone. Mantine does so
// only for dialogs that are there while they are closed.

import { useLayoutEffect } from 'react';

/** Does so for a dialog that is there while it is shown, or while `opened`. */
export function useFocusBack(opened = true): void {
  useLayoutEffect(() => {
    if (!opened) return undefined;
    const before = document.activeElement;
    return () => {
      if (!(before instanceof HTMLElement) || before === document.body) return;
      const successor = before.isConnected ? before : document.getElementById('content');
      successor?.focus({ preventScroll: true });
    };
  }, [opened]);
}

// The form follows the caret of the text: the field that it is in comes into view and is marked.

import { useEffect } from 'react';
import { showPath } from '../../document/path.ts';
import { fieldOf } from './showField.ts';
import type { EditorStore } from './store.ts';

/** How long the caret rests before the form follows, in milliseconds: longer than the text takes to be read. */
const REST = 250;

/** Follows. */
export function useFollowing(store: EditorStore): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let marked: HTMLElement | null = null;
    const unmark = () => {
      marked?.removeAttribute('data-followed');
      marked = null;
    };
    const follow = () => {
      const path = store.caretPath();
      const found = path && path.length > 0 ? fieldOf(showPath(path)) : null;
      if (found === marked) return;
      unmark();
      if (!found) return;
      marked = found;
      found.setAttribute('data-followed', '');
      found.scrollIntoView({ block: found.offsetHeight > 400 ? 'start' : 'nearest' });
    };
    const stop = store.onCaret((isInText) => {
      clearTimeout(timer);
      if (isInText) timer = setTimeout(follow, REST);
      else unmark();
    });
    return () => {
      stop();
      clearTimeout(timer);
      unmark();
    };
  }, [store]);
}

// What is folded away is unfolded before something in it is shown: whatever folds listens here.

import { useEffect } from 'react';
import { flushSync } from 'react-dom';

type Listener = (wanted: string) => void;

const listeners = new Set<Listener>();

/** Unfolds whatever holds this: a path of the form, or a step of the timeline. It is there once this returns. */
export function unfold(wanted: string): void {
  flushSync(() => listeners.forEach((listener) => listener(wanted)));
}

/** Calls back for everything that is to be shown. */
export function useUnfolding(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  });
}

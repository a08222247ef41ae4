// The way to find anything, from everywhere: a button, Ctrl K, and ? for the list of keys. Both dialogs load when asked for.

import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import classes from './Find.module.css';

const Palette = lazy(() => import('./Palette.tsx').then((file) => ({ default: file.Palette })));
const Keys = lazy(() => import('./Keys.tsx').then((file) => ({ default: file.Keys })));

/** Listens, and shows what was asked for. */
export function Find() {
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  const close = () => setShown(null);
  useHotkeys([['mod+K', () => setShown('palette')]], [], true);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      if (event.key === '?' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) setShown('keys');
    };
    document.addEventListener('keydown', onKey);
    const onAsk = () => setShown('palette');
    window.addEventListener(ASKED, onAsk);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener(ASKED, onAsk);
    };
  }, []);
  return (
    <Suspense>
      {shown === 'palette' && <Palette onClose={close} onKeys={() => setShown('keys')} />}
      {shown === 'keys' && <Keys onClose={close} />}
    </Suspense>
  );
}

const ASKED = 'stepgate-find';

/** The button. */
export function FindButton({ onGo }: { onGo?: () => void }) {
  return (
    <button
      type="button"
      className={classes.button}
      onClick={() => {
        onGo?.();
        window.dispatchEvent(new Event(ASKED));
      }}
    >
      <IconSearch size={16} stroke={1.7} aria-hidden />
      <span className={classes.word}>Find</span>
      <kbd className={classes.key} aria-hidden>
        Ctrl K
      </kbd>
    </button>
  );
}

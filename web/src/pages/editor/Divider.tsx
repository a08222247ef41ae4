// The line between form and right pane: dragged, or moved by arrow keys.

import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import classes from './Divider.module.css';

const [LEAST, MOST] = [25, 60];

/** The divider. */
export function Divider() {
  const [share, setShare] = useState(44);
  const line = useRef<HTMLDivElement>(null);
  const show = (next: number) => {
    const kept = Math.min(MOST, Math.max(LEAST, next));
    setShare(kept);
    line.current?.parentElement?.style.setProperty('--right', `${kept}%`);
  };
  const onMove = (event: PointerEvent) => {
    const whole = line.current?.parentElement?.getBoundingClientRect();
    if (whole && event.buttons === 1) show(((whole.right - event.clientX) / whole.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') show(share + 2);
    if (event.key === 'ArrowRight') show(share - 2);
  };
  return (
    // A separator that can be moved is a control (WAI-ARIA 1.2); the rule does not know it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={line}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the right pane"
      aria-valuenow={Math.round(share)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={classes.divider}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onMove}
      onKeyDown={onKeyDown}
    />
  );
}

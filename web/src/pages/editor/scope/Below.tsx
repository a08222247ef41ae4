// A box that stands below a field, or above it where there is no room, and moves with it.

import { useEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import classes from './Completion.module.css';

/** How wide it is at least and at most, in pixels, where there is room. */
const [LEAST, MOST] = [320, 560];

/** The box. */
export function Below({ field, children }: { field: HTMLElement; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const put = () => {
      const { left, top, bottom, width } = field.getBoundingClientRect();
      const { height } = box.getBoundingClientRect();
      const isBelow = bottom + height + 8 <= window.innerHeight || top < height;
      const wide = Math.min(Math.max(width, LEAST), MOST, window.innerWidth - 16);
      box.style.width = `${wide}px`;
      box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - wide - 8))}px`;
      box.style.top = isBelow ? `${bottom + 4}px` : `${top - height - 4}px`;
    };
    put();
    const size = new ResizeObserver(put);
    size.observe(box);
    size.observe(field);
    window.addEventListener('scroll', put, true);
    window.addEventListener('resize', put);
    return () => {
      size.disconnect();
      window.removeEventListener('scroll', put, true);
      window.removeEventListener('resize', put);
    };
  }, [field]);
  return createPortal(
    <div ref={place} className={classes.below}>
      {children}
    </div>,
    // Inside of the page's landmark; nothing there moves what is fixed.
    field.closest('main') ?? document.body,
  );
}

// The one place where screen readers hear of what changed by itself; whatever is said also stands on the page.

import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';

const Say = createContext<(text: string) => void>(() => undefined);

/** Says something to those who cannot see it happen. */
export function useSay(): (text: string) => void {
  return useContext(Say);
}

/** The region around the page. */
export function LiveRegion({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', count: 0 });
  const say = useCallback((text: string) => setSaid(({ count }) => ({ text, count: count + 1 })), []);
  return (
    <Say value={say}>
      {children}
      <div role="status" aria-live="polite" className="visually-hidden">
        {/* A new element each time: the same text twice is said twice. */}
        <span key={said.count}>{said.text}</span>
      </div>
    </Say>
  );
}

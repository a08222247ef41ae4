// The difference of two texts, far runs of equal lines left out.

import { difference, type Line } from './difference.ts';
import classes from './Difference.module.css';

/** How many equal lines stand around a change. */
const AROUND = 3;

const SIGNS = { same: ' ', gone: '−', new: '+' } as const;

/** The difference. */
export function Difference({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = difference(before, after);
  if (lines.every(({ kind }) => kind === 'same')) return <p>Both texts are the same.</p>;
  return (
    // It scrolls, so the keyboard has to reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.lines} role="region" aria-label={label} tabIndex={0}>
      {lines.map((line, at) =>
        isNear(lines, at) ? (
          <div key={at} className={classes.line} data-kind={line.kind}>
            <span aria-hidden>{SIGNS[line.kind]}</span>
            {line.kind !== 'same' && <span className="visually-hidden">{line.kind === 'gone' ? 'removed' : 'added'}</span>}
            {line.text}
          </div>
        ) : (
          isNear(lines, at - 1) && (
            <div key={at} className={classes.gap}>
              …
            </div>
          )
        ),
      )}
    </div>
  );
}

function isNear(lines: readonly Line[], at: number): boolean {
  return lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same');
}

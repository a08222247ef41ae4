// How a step came out in the last test, on its card.

import { IconCircleCheck, IconCircleDashed, IconCircleX, IconLoader2, IconUserQuestion } from '@tabler/icons-react';
import type { Row, State } from '../test/timeline.ts';
import classes from './steps.module.css';

const STATES: Record<State, readonly [string, typeof IconLoader2]> = {
  running: ['runs', IconLoader2],
  waiting: ['waits for you', IconUserQuestion],
  done: ['done', IconCircleCheck],
  failed: ['failed', IconCircleX],
  skipped: ['skipped', IconCircleDashed],
};

/** Icon, word and time. */
export function LastResult({ row }: { row: Row }) {
  const [word, Icon] = STATES[row.state];
  const status = row.exchanges.at(-1)?.hops.at(-1)?.status;
  return (
    <span className={classes.last} data-state={row.state}>
      <Icon size={14} aria-hidden />
      <span className="visually-hidden">Last test: </span>
      {word}
      {status != null && `, ${status}`}
      {row.millis !== null && `, ${row.millis} ms`}
    </span>
  );
}

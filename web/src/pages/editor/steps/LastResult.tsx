// How a step came out in the last test, on its card.

import { STATES } from '../test/states.ts';
import type { Row } from '../test/timeline.ts';
import classes from './steps.module.css';

/** Icon, word and time. */
export function LastResult({ row }: { row: Row }) {
  const [word, Icon] = STATES[row.state];
  const status = row.exchanges.at(-1)?.hops.at(-1)?.status;
  return (
    <span className={classes.last} data-state={row.state}>
      <Icon size={14} aria-hidden />
      <span className="visually-hidden">Last test: </span>
      {word.toLowerCase()}
      {status != null && `, ${status}`}
      {row.millis !== null && `, ${row.millis} ms`}
    </span>
  );
}

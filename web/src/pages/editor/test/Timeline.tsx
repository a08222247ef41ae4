// The timeline of a test: a row a step, the failed and the running ones open, a search over all of it.

import { Badge, TextInput } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconUserQuestion,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { TestRun, TimelineEvent } from '../../../api/testRuns.ts';
import { ExchangeView } from './ExchangeView.tsx';
import { OutputTree } from './OutputTree.tsx';
import classes from './test.module.css';
import { timelineOf, type Row, type State } from './timeline.ts';

const STATES: Record<State, readonly [string, typeof IconLoader2]> = {
  running: ['Running', IconLoader2],
  waiting: ['Waiting for you', IconUserQuestion],
  done: ['Done', IconCircleCheck],
  failed: ['Failed', IconCircleX],
  skipped: ['Skipped', IconCircleDashed],
};

/** From how many rows on a search is of use. */
const MANY = 4;

/** The timeline. */
export function Timeline({ run, events }: { run: TestRun; events: readonly TimelineEvent[] }) {
  const [sought, setSought] = useState('');
  const rows = timelineOf(events);
  const longest = Math.max(1, ...rows.map((row) => (row.kind === 'step' ? (row.millis ?? 0) : 0)));
  return (
    <div>
      {rows.length >= MANY && (
        <TextInput
          aria-label="Search the timeline"
          placeholder="Search all of it"
          size="xs"
          mb="xs"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      )}
      <ol className={classes.timeline} aria-label="Timeline">
        {rows.map((row, at) => {
          if (row.kind !== 'step') {
            return (
              <li key={at} className={row.kind === 'phase' ? classes.phase : classes.note}>
                {row.text}
              </li>
            );
          }
          const isFound = sought === '' || JSON.stringify(row).toLowerCase().includes(sought.toLowerCase());
          return isFound && <StepRow key={at} run={run} row={row} longest={longest} isSought={sought !== ''} />;
        })}
      </ol>
    </div>
  );
}

interface StepProps {
  run: TestRun;
  row: Row;
  longest: number;
  isSought: boolean;
}

function StepRow({ run, row, longest, isSought }: StepProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? (row.state === 'failed' || isSought);
  const [word, Icon] = STATES[row.state];
  const last = row.exchanges.at(-1)?.hops.at(-1);
  return (
    <li className={classes.row} data-state={row.state}>
      <button type="button" className={classes.rowHead} aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
        {isOpen ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
        <Icon size={17} className={classes.state} aria-hidden />
        <span className={classes.step}>{row.step}</span>
        <span className={classes.word}>{word}</span>
        {last?.status != null && (
          <Badge size="sm" variant="light" color={last.status < 400 ? 'gate' : 'red'} tt="none">
            {last.method} {last.status}
          </Badge>
        )}
        {row.millis !== null && (
          <span className={classes.millis}>
            {row.millis} ms
            <progress className={classes.time} max={longest} value={row.millis} aria-hidden />
          </span>
        )}
      </button>
      {isOpen && (
        <div className={classes.details}>
          {row.notes.map((note) => (
            <p key={note} className={classes.text}>
              {note}
            </p>
          ))}
          {row.judged.map(({ condition, holds }, at) => (
            <p key={at} className={classes.text}>
              <code>{condition}</code> {holds ? 'holds' : 'does not hold'}
            </p>
          ))}
          {row.exchanges.map((exchange) => (
            <ExchangeView key={exchange.index} run={run} exchange={exchange} />
          ))}
          {row.outputs.length > 0 && <OutputTree run={run} outputs={row.outputs} />}
          {row.cookies.length > 0 && (
            <section>
              <h3 className={classes.heading}>Cookies</h3>
              {row.cookies.map((cookie) => (
                <p key={`${cookie.name} ${cookie.domain}`} className={classes.text}>
                  <code>{cookie.name}</code> {cookie.change}, {cookie.domain}
                </p>
              ))}
            </section>
          )}
          {row.state === 'done' && row.outputs.length === 0 && row.exchanges.length === 0 && (
            <p className={classes.text}>It left nothing behind.</p>
          )}
        </div>
      )}
    </li>
  );
}

// The timeline of a test: a row a step, the failed and the running ones open, a search over all of it.

import { Badge, Button, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCircleDotted, IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import type { TestRun, TimelineEvent } from '../../../api/testRuns.ts';
import { useUnfolding } from '../unfolding.ts';
import { ExchangeView } from './ExchangeView.tsx';
import { OutputTree, type Insert } from './OutputTree.tsx';
import { STATES } from './states.ts';
import classes from './test.module.css';
import { timelineOf, type Row } from './timeline.ts';

/** From how many rows on a search is of use. */
const MANY = 4;

interface Props {
  run: TestRun;
  events: readonly TimelineEvent[];
  /** What begins another run at a step, where that can be done. */
  onFrom?: (step: string) => (() => void) | null;
  /** The steps that there are, so that those not reached can be told. */
  all?: readonly string[];
  /** Puts an output where the caret was. */
  insert?: Insert | null;
  /** Whether values may be revealed. */
  isOwn?: boolean;
}

/** The timeline. */
export function Timeline({ run, events, onFrom, all = [], insert = null, isOwn = true }: Props) {
  const [sought, setSought] = useState('');
  const rows = timelineOf(events);
  const seen = new Set(rows.flatMap((row) => (row.kind === 'step' ? [row.step] : [])));
  const missed = sought === '' ? all.filter((step) => !seen.has(step)) : [];
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
          return (
            isFound && (
              <StepRow
                key={at}
                run={isOwn ? run : null}
                row={row}
                longest={longest}
                isSought={sought !== ''}
                onFrom={onFrom?.(row.step) ?? null}
                insert={insert}
              />
            )
          );
        })}
        {missed.map((step) => (
          <li key={step} className={classes.missed}>
            <IconCircleDotted size={17} aria-hidden />
            <span className={classes.step}>{step}</span> Not reached
          </li>
        ))}
      </ol>
    </div>
  );
}

interface StepProps {
  /** The run that values can be revealed of. */
  run: TestRun | null;
  row: Row;
  longest: number;
  isSought: boolean;
  onFrom: (() => void) | null;
  insert: Insert | null;
}

function StepRow({ run, row, longest, isSought, onFrom, insert }: StepProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? (row.state === 'failed' || isSought);
  useUnfolding((wanted) => {
    if (wanted === `test:${row.step}`) setChosen(true);
  });
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
          {onFrom && (
            <Button
              size="compact-sm"
              variant="light"
              className={classes.from}
              leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
              onClick={onFrom}
              aria-label={`Run from ${row.step} on`}
            >
              Run from here
            </Button>
          )}
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
          {row.outputs.length > 0 && <OutputTree run={run} outputs={row.outputs} insert={insert} />}
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
          {row.console.length > 0 && (
            <section>
              <h3 className={classes.heading}>Console</h3>
              {/* It scrolls, so that it has to be reachable by keyboard. */}
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <pre className={classes.console} tabIndex={0} role="region" aria-label={`Console of ${row.step}`}>
                {row.console.map(({ level, text }, at) => (
                  <span key={at} data-level={level}>
                    {level === 'log' ? text : `${level}: ${text}`}
                    {'\n'}
                  </span>
                ))}
              </pre>
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

// What a step left behind: paths with type and length, each put where the caret was by one click.

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output, TestRun } from '../../../api/testRuns.ts';
import { useSay } from '../../../ui/LiveRegion.tsx';
import { useCopy } from '../../../ui/useCopy.ts';
import { Reveal } from './Reveal.tsx';
import classes from './test.module.css';

/** From how many on a filter is of use. */
const MANY = 8;

/** Puts text where the caret was; whether there was any. */
export type Insert = (text: string) => boolean;

interface Props {
  run: TestRun | null;
  outputs: readonly Output[];
  /** Left out where there is nothing to put it into. */
  insert: Insert | null;
}

/** The outputs. */
export function OutputTree({ run, outputs, insert }: Props) {
  const say = useSay();
  const copyTo = useCopy();
  const [sought, setSought] = useState('');
  const found = outputs.filter(({ path }) => path.toLowerCase().includes(sought.toLowerCase()));
  const copy = (path: string) => copyTo(path, `${path} is copied`);
  const put = (path: string) => {
    const text = `{{${path}}}`;
    if (insert?.(text)) say(`${text} is put in`);
    else copy(text);
  };
  return (
    <section>
      <h3 className={classes.heading}>Outputs</h3>
      {outputs.length >= MANY && (
        <TextInput
          aria-label="Filter outputs"
          placeholder="Filter"
          size="xs"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      )}
      <ul className={classes.outputs}>
        {found.map(({ path, type, shown, length }) => (
          <li key={path} className={classes.output} data-output={path} tabIndex={-1}>
            <code className={classes.path}>{path}</code>
            <span className={classes.type}>
              {type}
              {length != null && `, ${length}`}
            </span>
            <code className={classes.mask}>{shown}</code>
            <span className={classes.acts}>
              <Reveal run={run} path={path} name={path} />
              {insert && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  // The caret stays where it was.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => put(path)}
                  aria-label={`Insert {{${path}}}`}
                >
                  Insert
                </Button>
              )}
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Copy ${path}`} onClick={() => copy(path)}>
                <IconCopy size={14} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

// One hidden value: shown for 30 seconds to whoever asks, which the server's log keeps.

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { revealValue, type TestRun } from '../../../api/testRuns.ts';
import classes from './test.module.css';

/** How long it stays, in milliseconds. */
const STAYS = 30_000;

interface Props {
  /** The run; nothing is revealed without it. */
  run: TestRun | null;
  /** Where the value is: an output, or a part of an exchange. */
  path: string;
  /** What it is called. */
  name: string;
}

/** The button, or the value. */
export function Reveal({ run, ...value }: Props) {
  return run && <Revealed run={run} {...value} />;
}

function Revealed({ run, path, name }: Props & { run: TestRun }) {
  const reveal = useMutation({ mutationFn: () => revealValue(run.id, path), gcTime: 0 });
  const { isSuccess, reset } = reveal;
  useEffect(() => {
    if (!isSuccess) return undefined;
    const timer = setTimeout(reset, STAYS);
    return () => clearTimeout(timer);
  }, [isSuccess, reset]);
  if (reveal.isSuccess) {
    const { value } = reveal.data;
    return (
      <>
        <code className={classes.revealed}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</code>
        <Button size="compact-xs" variant="subtle" onClick={reset} aria-label={`Hide ${name}`}>
          Hide
        </Button>
      </>
    );
  }
  return (
    <>
      <Button size="compact-xs" variant="subtle" loading={reveal.isPending} onClick={() => reveal.mutate()} aria-label={`Reveal ${name}`}>
        Reveal
      </Button>
      {reveal.isError && <span role="alert">{reveal.error.problem.detail}</span>}
    </>
  );
}

// The problems of one value, beside it: what is wrong, what to do, and the nearest name as a fix.

import { Anchor } from '@mantine/core';
import type { DefinitionProblem } from '../../../api/problem.ts';
import { mended } from '../../../document/mending.ts';
import { parsePath } from '../../../document/path.ts';
import { useForm } from '../context.ts';
import classes from './Problems.module.css';

/** The problems. */
export function Problems({ problems }: { problems: readonly DefinitionProblem[] }) {
  return (
    <>
      {problems.map((problem) => (
        <ProblemLine key={`${problem.code} ${problem.line} ${problem.column}`} problem={problem} />
      ))}
    </>
  );
}

function ProblemLine({ problem }: { problem: DefinitionProblem }) {
  const form = useForm();
  const { message, help, severity } = problem;
  const value = form.at(parsePath(problem.path));
  const { nearest } = problem;
  const fix = typeof value === 'string' && nearest != null ? mended(value, message, nearest) : null;
  return (
    <span className={classes.line} data-severity={severity}>
      {severity === 'warning' && 'Doubtful: '}
      {message} {help}{' '}
      {fix !== null && !form.readOnly && (
        <Anchor component="button" type="button" size="xs" onClick={() => form.set(parsePath(problem.path), fix)}>
          Use {nearest}
        </Anchor>
      )}
    </span>
  );
}

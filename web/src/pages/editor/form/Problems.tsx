// The problems of one value, beside it: what is wrong, what to do, and the nearest name as a fix.

import { Anchor } from '@mantine/core';
import type { DefinitionProblem } from '../../../api/problem.ts';
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
  const fix = fixOf(problem, form.at(parsePath(problem.path)));
  return (
    <span className={classes.line} data-severity={severity}>
      {severity === 'warning' && 'Doubtful: '}
      {message} {help}{' '}
      {fix !== null && !form.readOnly && (
        <Anchor component="button" type="button" size="xs" onClick={() => form.set(parsePath(problem.path), fix)}>
          Use {problem.nearest}
        </Anchor>
      )}
    </span>
  );
}

/** The value with the nearest name in the place of the wrong one, where that can be told. */
function fixOf({ nearest, message }: DefinitionProblem, value: unknown): string | null {
  if (typeof nearest !== 'string' || typeof value !== 'string') return null;
  const wrong = /`([^`]+)`/.exec(message)?.[1]?.replace(/^\{\{\s*|\s*\}\}$/g, '');
  if (wrong === undefined || !value.includes(wrong)) return null;
  return value.replace(wrong, nearest);
}

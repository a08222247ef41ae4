// A part of the form with a name, its problems, and room for what belongs to it.

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { showPath, type Path } from '../../../document/path.ts';
import { useForm } from '../context.ts';
import classes from './Fieldset.module.css';
import { Problems } from './Problems.tsx';

interface Props {
  path: Path;
  label: string;
  about?: string;
  /** Whether a heading above has its name already. */
  isWhole?: boolean;
  /** What can be done with the whole of it. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The part. */
export function Fieldset({ path, label, about, isWhole = false, actions, children }: Props) {
  const problems = useForm().problemsOf(path);
  return (
    <fieldset className={isWhole ? classes.whole : classes.set} data-path={showPath(path)}>
      <legend className={isWhole ? 'visually-hidden' : classes.legend}>{label}</legend>
      {actions && <div className={classes.actions}>{actions}</div>}
      {about && !isWhole && (
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      )}
      {children}
      {problems.length > 0 && (
        <Text size="xs" c="error" component="div">
          <Problems problems={problems} />
        </Text>
      )}
    </fieldset>
  );
}

// The parts of the form as a list at its side, each with the number of its problems.

import { Badge } from '@mantine/core';
import { useForm } from './context.ts';
import classes from './Outline.module.css';
import { SECTIONS } from './sections.ts';

/** The outline. */
export function Outline() {
  const form = useForm();
  return (
    <nav aria-label="Parts of the definition" className={classes.outline}>
      {SECTIONS.map(({ id, title, keys }) => {
        const problems = keys.reduce((sum, key) => sum + form.countWithin([key]), 0);
        const isSet = keys.some((key) => form.at([key]) !== undefined);
        return (
          <a
            key={id}
            href={`#part-${id}`}
            className={classes.part}
            data-set={isSet}
            onClick={(event) => {
              event.preventDefault();
              const part = document.getElementById(`part-${id}`);
              part?.scrollIntoView({ block: 'start' });
              part?.focus({ preventScroll: true });
            }}
          >
            {title}
            {problems > 0 && (
              <Badge size="xs" color="red" variant="filled" circle>
                {problems}
              </Badge>
            )}
          </a>
        );
      })}
    </nav>
  );
}

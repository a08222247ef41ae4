// All problems in one line at the bottom, unfolded into a list; F8 goes to the next.

import { Anchor, Badge, Text, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconCircleCheck } from '@tabler/icons-react';
import { EditorView } from '@codemirror/view';
import { useState } from 'react';
import type { DefinitionProblem } from '../../api/problem.ts';
import { useEditor, useSnapshot } from './context.ts';
import { showField } from './showField.ts';
import classes from './ProblemStrip.module.css';

interface Props {
  /** Brings the text into view. */
  onShow: () => void;
  isYamlShown: boolean;
}

/** The strip. */
export function ProblemStrip({ onShow, isYamlShown }: Props) {
  const { store, problems } = useEditor();
  const { fault } = useSnapshot(store);
  const [open, setOpen] = useState(false);
  const [next, setNext] = useState(0);
  const show = (problem: DefinitionProblem) => {
    const go = () => {
      const view = store.shown();
      if (!view) return;
      const line = view.state.doc.line(Math.min(problem.line, view.state.doc.lines));
      const at = Math.min(line.from + problem.column - 1, line.to);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    };
    const isInForm = showField(problem.path);
    if (isYamlShown) go();
    else if (!isInForm) {
      onShow();
      requestAnimationFrame(go);
    }
  };
  useHotkeys(
    [
      [
        'F8',
        () => {
          const problem = problems[next % Math.max(1, problems.length)];
          if (problem) show(problem);
          setNext(next + 1);
        },
      ],
    ],
    [],
    true,
  );
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const doubts = problems.length - errors;
  return (
    <section className={classes.strip} aria-label="Problems">
      {fault && (
        <Text size="sm" c="error" px="md" py={6} role="status">
          Line {fault.line}: {fault.message}; showing the last valid text.
        </Text>
      )}
      <UnstyledButton
        className={classes.line}
        aria-expanded={open}
        disabled={problems.length === 0}
        onClick={() => setOpen(!open)}
      >
        {problems.length === 0 ? (
          <>
            <IconCircleCheck size={17} className={classes.good} aria-hidden /> No problems
          </>
        ) : (
          <>
            <IconAlertTriangle size={17} className={errors > 0 ? classes.bad : classes.doubt} aria-hidden />
            {count(errors, 'error')}
            {errors > 0 && doubts > 0 && ', '}
            {count(doubts, 'doubt')}
            <span className={classes.key}>F8: next</span>
            {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronUp size={16} aria-hidden />}
          </>
        )}
      </UnstyledButton>
      {open && problems.length > 0 && (
        <ul className={classes.list}>
          {problems.map((problem) => (
            <li key={`${problem.code} ${problem.line} ${problem.column} ${problem.path}`} className={classes.item}>
              <Badge size="sm" tt="none" variant="light" color={problem.severity === 'error' ? 'red' : 'orange'}>
                Line {problem.line}
              </Badge>
              <span>
                <Anchor component="button" type="button" size="sm" ta="start" onClick={() => show(problem)}>
                  {problem.message}
                </Anchor>{' '}
                <Text span size="sm" c="dimmed">
                  {problem.help}
                </Text>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function count(number: number, what: string): string {
  if (number === 0) return '';
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

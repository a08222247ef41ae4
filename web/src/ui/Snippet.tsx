// A few lines to be copied to elsewhere.

import { useRef } from 'react';
import { CopyButton } from './CopyButton.tsx';
import classes from './Snippet.module.css';

/** The lines, with a button that copies them. */
export function Snippet({ text, what }: { text: string; what: string }) {
  const lines = useRef<HTMLPreElement>(null);
  const select = () => {
    if (lines.current) getSelection()?.selectAllChildren(lines.current);
  };
  return (
    <div className={classes.snippet}>
      {/* It scrolls sideways, so that it has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={lines} className={classes.lines} tabIndex={0} role="region" aria-label={what}>
        <code>{text}</code>
      </pre>
      <div className={classes.copy}>
        <CopyButton text={text} what={what} select={select} />
      </div>
    </div>
  );
}

// The text of the definition: the same document as the form, shown by CodeMirror.

import { Alert, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useEditor, useSnapshot } from '../context.ts';
import classes from './YamlPane.module.css';

/** The pane. */
export function YamlPane() {
  const { store, caret } = useEditor();
  const { fault } = useSnapshot(store);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => (place.current ? store.show(place.current) : undefined), [store]);
  return (
    <div className={classes.pane}>
      {fault && (
        <Alert color="red" variant="light" radius={0} p="xs">
          Line {fault.line}: {fault.message}
        </Alert>
      )}
      {/* What has the focus is the editor inside, which has its role and name. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div ref={place} className={classes.text} onFocus={() => caret.enterText()} />
      <Text size="xs" c="dimmed" px="sm" py={4}>
        {'Escape, then Tab, leaves the text. {{ lists what can be read here.'}
      </Text>
    </div>
  );
}

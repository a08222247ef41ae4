// A value of any shape, as a small piece of YAML of its own; taken over once it can be read.

import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { looselyRead, looselyWritten } from '../../../document/loose.ts';
import type { FieldProps } from './Field.tsx';
import { useField } from './useField.ts';

interface Props extends FieldProps {
  /** Told at each end of an edit whether it could be read, and so was taken over. */
  onEnd?: (isTaken: boolean) => void;
}

/** The field. */
export function AnyField({ onEnd, ...props }: Props) {
  const { value, set, clear, readOnly, common } = useField(props);
  const written = looselyWritten(value);
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const take = () => {
    if (typed === null) return;
    try {
      if (typed.trim() === '') clear();
      else if (typed !== written) set(looselyRead(typed));
      setTyped(null);
      setWrong(null);
      onEnd?.(true);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : '');
      onEnd?.(false);
    }
  };
  return (
    <Textarea
      {...common}
      autosize
      minRows={1}
      maxRows={16}
      value={typed ?? written}
      readOnly={readOnly}
      error={wrong ?? common.error}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
    />
  );
}

// Copies a text; where the browser does not let pages copy, it says how to do it by hand.

import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useSay } from './LiveRegion.tsx';

interface Props {
  text: string;
  /** What is copied, for those who do not see what it stands beside. */
  what: string;
  /** Selects the text, for copying by hand. */
  select?: () => void;
}

/** The button. */
export function CopyButton({ text, what, select }: Props) {
  const say = useSay();
  const [done, setDone] = useState<'copied' | 'refused' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('copied');
      say(`Copied: ${what}`);
    } catch {
      // No clipboard without https, or not allowed.
      select?.();
      setDone('refused');
      say('This browser does not let the page copy. Select the text and copy it by hand.');
    }
  };
  const Icon = done === 'copied' ? IconCheck : IconCopy;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={15} aria-hidden />}
      aria-label={`Copy ${what}`}
      onClick={() => void copy()}
    >
      {done === 'copied' ? 'Copied' : done === 'refused' ? 'Copy by hand' : 'Copy'}
    </Button>
  );
}

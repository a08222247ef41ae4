// Copies a text; where the browser does not let pages copy, it says how to do it by hand.

import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from './copyText.ts';
import { useSay } from './LiveRegion.tsx';
import { REFUSED } from './useCopy.ts';

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
    if (await copyText(text)) {
      setDone('copied');
      say(`Copied: ${what}`);
    } else {
      select?.();
      setDone('refused');
      say(REFUSED);
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

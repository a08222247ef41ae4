// What shows while something is loaded: nothing at first, then the shape of a page.

import { Skeleton, Stack } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { useState } from 'react';

/** Shows itself after 300 ms. */
export function Loading() {
  const [late, setLate] = useState(false);
  useTimeout(() => setLate(true), 300, { autoInvoke: true });
  return (
    <Stack p="xl" gap="md" aria-busy="true" aria-label="Loading" role="status">
      {late && (
        <>
          <Skeleton height={28} width={220} />
          <Skeleton height={64} />
          <Skeleton height={64} />
          <Skeleton height={64} />
        </>
      )}
    </Stack>
  );
}

// What shows in the place of a page that did not load: what is wrong, and the way to what there is.

import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api/problem.ts';
import { Failure } from './Failure.tsx';
import { Page } from './Page.tsx';

interface Props {
  title: string;
  error: unknown;
  reset: () => void;
  /** The link to all of its kind, where it is one of them. */
  all?: ReactNode;
}

/** The page's place. */
export function Unloaded({ title, error, reset, all }: Props) {
  // What is not there is not there either when it is asked for again.
  const isMissing = error instanceof ApiError && error.problem.status === 404;
  return (
    <Page title={title}>
      <Stack align="flex-start">
        <Failure error={error} {...(isMissing ? {} : { reset })} />
        {isMissing && <Text>It has been renamed or deleted, or the address is mistyped.</Text>}
        {all}
      </Stack>
    </Page>
  );
}

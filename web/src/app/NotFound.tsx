// What shows at an address that no page has.

import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/Empty.tsx';

/** The page. */
export function NotFound() {
  return (
    <main>
      <Empty title="There is no page here" isWhole>
        The address may be from an older version, or a part of it is missing.{' '}
        <Anchor component={Link} underline="always" to="/">
          Go to the connectors
        </Anchor>
        .
      </Empty>
    </main>
  );
}

// Where the API sends people back to, which has to be entered there before anything else works.

import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { firstStepsQuery } from '../../../api/firstSteps.ts';
import { useAccount } from '../../../api/session.ts';
import { plain } from '../../../document/reading.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { useForm } from '../context.ts';
import { redirectOf } from './redirect.ts';
import classes from './steps.module.css';

/** The address, and what is wrong with it. */
export function RedirectUrl() {
  const name = plain(useForm().at(['connector']));
  const { role } = useAccount();
  // The server tells it to admins alone.
  const steps = useQuery({ ...firstStepsQuery, enabled: role === 'admin', staleTime: Infinity });
  const { url, isSafe, elsewhere } = redirectOf(name, window.location.origin, steps.data?.public_url);
  return (
    <div className={classes.redirect}>
      <Text size="sm" fw={600}>
        Redirect URL
      </Text>
      <div className={classes.address}>
        <code>{url}</code>
        <CopyButton text={url} what="the redirect URL" />
      </div>
      <Text size="xs" c="dimmed">
        Enter it at the API first, letter by letter the same.
      </Text>
      {elsewhere !== null && (
        <Text size="xs" c="error" role="note">
          You look at {elsewhere}, but Stepgate takes itself to be elsewhere, and people come back there. Open it there, or
          start it with STEPGATE_PUBLIC_URL={elsewhere}.
        </Text>
      )}
      {!isSafe && (
        <Text size="xs" c="error" role="note">
          It is not https: most APIs refuse it, and what comes back could be read on the way.
        </Text>
      )}
    </div>
  );
}

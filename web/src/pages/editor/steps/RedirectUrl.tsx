// Where the API sends people back to, which has to be entered there before anything else works.

import { Text } from '@mantine/core';
import { plain } from '../../../document/reading.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { PageLink } from '../../../ui/PageLink.tsx';
import { useForm } from '../context.ts';
import classes from './steps.module.css';

/** The address, and what is wrong with it. */
export function RedirectUrl() {
  const name = plain(useForm().at(['connector']));
  const { origin, protocol, hostname } = window.location;
  const url = `${origin}/callback/${name}`;
  const isSafe = protocol === 'https:' || hostname === 'localhost' || hostname.startsWith('127.');
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
        Enter it at the API first, letter by letter the same. It is this page’s address; where the server is reached by
        another, <PageLink underline="always" to="/settings">Settings</PageLink> says so.
      </Text>
      {!isSafe && (
        <Text size="xs" c="error" role="note">
          It is not https: most APIs refuse it, and what comes back could be read on the way.
        </Text>
      )}
    </div>
  );
}

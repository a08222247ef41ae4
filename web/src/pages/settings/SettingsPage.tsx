// Whether this installation is sound, which connectors are not served as they are written, and which secrets are missing.

import { Stack } from '@mantine/core';
import { Page } from '../../ui/Page.tsx';
import { Findings } from './Findings.tsx';
import { SecretsOverview } from './SecretsOverview.tsx';

/** The page. */
export function SettingsPage() {
  return (
    <Page title="Settings">
      <Stack gap="lg">
        <Findings />
        <SecretsOverview />
      </Stack>
    </Page>
  );
}

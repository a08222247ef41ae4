// Whether this installation is sound, which connectors are not served as they are written, and which secrets are missing.

import { Stack } from '@mantine/core';
import { useAccount } from '../../api/session.ts';
import { Page } from '../../ui/Page.tsx';
import { Doctor } from './Doctor.tsx';
import { Findings } from './Findings.tsx';
import { SecretsOverview } from './SecretsOverview.tsx';

/** The page. */
export function SettingsPage() {
  const { role } = useAccount();
  return (
    <Page title="Settings">
      <Stack gap="lg">
        {role === 'admin' && <Doctor />}
        <Findings />
        <SecretsOverview />
      </Stack>
    </Page>
  );
}

// Whether this installation is sound, which connectors are not served as they are written, and which secrets are missing.

import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { firstStepsQuery, useMark } from '../../api/firstSteps.ts';
import { useAccount } from '../../api/session.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Page } from '../../ui/Page.tsx';
import { Section } from '../../ui/Section.tsx';
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
        {role === 'admin' && <FirstStepsAgain />}
        <Findings />
        <SecretsOverview />
      </Stack>
    </Page>
  );
}

/** The way back to the first steps, for who has dismissed them. */
function FirstStepsAgain() {
  const steps = useQuery(firstStepsQuery);
  const mark = useMark();
  if (!steps.data?.dismissed) return null;
  return (
    <Section title="First steps" about="You said that you need them no more.">
      {mark.isError && <Failure error={mark.error} />}
      <div>
        <Button
          variant="default"
          loading={mark.isPending}
          onClick={() => mark.mutate({ mark: 'dismissed', on: false })}
        >
          Show them again
        </Button>
      </div>
    </Section>
  );
}

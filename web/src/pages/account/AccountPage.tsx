// One's own account: the password, where one is signed in, and tokens for scripts.

import { Stack, Text } from '@mantine/core';
import { useAccount } from '../../api/session.ts';
import { Page } from '../../ui/Page.tsx';
import { IdentityProviders } from './IdentityProviders.tsx';
import { NewPassword } from './NewPassword.tsx';
import { PersonalTokens } from './PersonalTokens.tsx';
import { Sessions } from './Sessions.tsx';

/** The page. */
export function AccountPage() {
  const { login, role } = useAccount();
  return (
    <Page title="Account">
      <Stack gap="lg">
        <Text>
          Signed in as <strong>{login}</strong>, {role}.
        </Text>
        <NewPassword />
        <IdentityProviders />
        <Sessions />
        <PersonalTokens />
      </Stack>
    </Page>
  );
}

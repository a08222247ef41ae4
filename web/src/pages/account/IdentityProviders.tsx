// Identity providers that one's own account can be linked with, to come in without a password of its own.

import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { providersQuery } from '../../api/session.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Section } from '../../ui/Section.tsx';

/** The part of the page; nothing where there is no provider. */
export function IdentityProviders() {
  const providers = useQuery(providersQuery);
  const link = useMutation({
    mutationFn: (provider: string) =>
      data(api.POST('/api/sso/{provider}/link', { params: { path: { provider }, query: { return_to: '/account' } } })),
    onSuccess: ({ url }) => location.assign(url),
  });
  const list = providers.data?.providers ?? [];
  if (list.length === 0) return null;
  return (
    <Section
      title="Single sign-on"
      about="Link your account once, by signing in there. From then on you come in by it, without your password here."
    >
      {link.isError && <Failure error={link.error} />}
      <Group gap="xs">
        {list.map(({ name, title }) => (
          <Button
            key={name}
            variant="default"
            loading={link.isPending && link.variables === name}
            onClick={() => link.mutate(name)}
          >
            Link with {title}
          </Button>
        ))}
      </Group>
    </Section>
  );
}

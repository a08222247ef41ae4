// What to paste into the app's page and its backend.

import { Code, Tabs, Text } from '@mantine/core';
import type { App } from '../../api/apps.ts';
import { Section } from '../../ui/Section.tsx';
import { Snippet } from '../../ui/Snippet.tsx';
import { backend, page } from './snippets.ts';

/** The part of the page. */
export function Snippets({ app }: { app: App }) {
  const gate = location.origin;
  const connector = app.connectors[0]?.connector ?? 'CONNECTOR';
  const endpoint = 'ENDPOINT';
  return (
    <Section
      title="Use it"
      about={
        <>
          Replace <Code>ENDPOINT</Code> by one that the connector has, and <Code>u123</Code> by your own name for the
          user.
        </>
      }
    >
      <Tabs defaultValue="page">
        <Tabs.List aria-label="Where">
          <Tabs.Tab value="page">Page</Tabs.Tab>
          <Tabs.Tab value="backend">Backend</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="page" pt="md">
          <Snippet text={page(gate, app, connector, endpoint)} what="Code for the page" />
          {app.origins.length === 0 && (
            <Text size="sm" c="var(--page-warning)" mt="xs">
              No page may call yet: add its origin above.
            </Text>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="backend" pt="md">
          <Snippet text={backend(gate, app, connector, endpoint)} what="Commands for the backend" />
        </Tabs.Panel>
      </Tabs>
    </Section>
  );
}

// What ends where a connector is deleted: whose calls, and how many connections.

import { List, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { appsQuery } from '../../api/apps.ts';
import { connectionsQuery } from '../../api/connections.ts';

/** What is told beside the question. */
export function DeletionEffect({ connector }: { connector: string }) {
  const apps = useQuery(appsQuery);
  const connections = useInfiniteQuery(connectionsQuery({ connector }));
  const by = apps.data?.apps.filter((app) => app.connectors.some((it) => it.connector === connector)).map(({ name }) => name);
  const count = connections.data?.pages.flatMap((page) => page.connections).length;
  const more = connections.hasNextPage ? 'at least ' : '';
  return (
    <>
      <Text>Nobody can call it or sign in to it any more.</Text>
      <List size="sm" mt="xs">
        {by && <List.Item>{by.length === 0 ? 'No app uses it.' : `Calls of ${by.join(', ')} fail from now on.`}</List.Item>}
        {count !== undefined && (
          <List.Item>
            {count === 0
              ? 'Nobody is signed in to it.'
              : `${more}${count} ${count === 1 ? 'connection is' : 'connections are'} of no use until it is there again.`.replace(/^a/, 'A')}
          </List.Item>
        )}
        <List.Item>Its versions stay: a connector of the same name can be restored from them.</List.Item>
      </List>
    </>
  );
}

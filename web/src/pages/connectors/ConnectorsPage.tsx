// All connectors, and the way to a new one.

import { useQuery } from '@tanstack/react-query';
import { connectorsQuery } from '../../api/connectors.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Page } from '../../ui/Page.tsx';

/** The page. */
export function ConnectorsPage() {
  const connectors = useQuery(connectorsQuery);
  if (connectors.isPending) return <Loading />;
  if (connectors.isError) return <Failure error={connectors.error} reset={() => void connectors.refetch()} />;
  return (
    <Page title="Connectors">
      {connectors.data.connectors.length === 0 && (
        <Empty title="No connector yet">A connector says how to sign in to an API, and how to call it.</Empty>
      )}
      <ul>
        {connectors.data.connectors.map(({ connector, title }) => (
          <li key={connector}>{title || connector}</li>
        ))}
      </ul>
    </Page>
  );
}

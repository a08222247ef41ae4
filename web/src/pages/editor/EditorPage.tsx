// The editor of a connector: loads its definition and what the form is made from, then hands over to the workbench.

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { connectorQuery, schemaQuery } from '../../api/connectors.ts';
import { Definitions, type Schema } from '../../document/schema.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Workbench } from './Workbench.tsx';

/** The page. */
export function EditorPage() {
  const { name } = useParams({ from: '/shell/connectors/$name' });
  const connector = useQuery(connectorQuery(name));
  const schema = useQuery(schemaQuery);
  const definitions = useMemo(() => new Definitions((schema.data ?? {}) as Schema), [schema.data]);
  const error = connector.error ?? schema.error;
  if (error) {
    return (
      <Failure
        error={error}
        reset={() => {
          void connector.refetch();
          void schema.refetch();
        }}
      />
    );
  }
  if (!connector.data || !schema.data) return <Loading />;
  return <Workbench key={name} connector={connector.data} definitions={definitions} />;
}

// The editor of a connector: loads its definition and what the form is made from, then hands over to the workbench.

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { connectorQuery, schemaQuery } from '../../api/connectors.ts';
import { draftQuery } from '../../api/drafts.ts';
import { Definitions, type Schema } from '../../document/schema.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { Workbench } from './Workbench.tsx';

/** The page. */
export function EditorPage() {
  const { name } = useParams({ from: '/shell/connectors/$name' });
  const connector = useQuery(connectorQuery(name));
  const schema = useQuery(schemaQuery);
  // Without it one can still edit; that nothing is kept is said at the first pause.
  const draft = useQuery(draftQuery(name));
  const definitions = useMemo(() => new Definitions((schema.data ?? {}) as Schema), [schema.data]);
  const error = connector.error ?? schema.error;
  if (!connector.data || !schema.data || draft.isPending) {
    // What is being edited stays, whatever comes of asking anew.
    if (!error) return <Loading />;
    return (
      <Unloaded
        title={name}
        error={error}
        reset={() => {
          void connector.refetch();
          void schema.refetch();
        }}
        all={<PageLink to="/">All connectors</PageLink>}
      />
    );
  }
  return <Workbench key={name} connector={connector.data} draft={draft.data ?? null} definitions={definitions} />;
}

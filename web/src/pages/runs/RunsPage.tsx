// Flow runs: what goes on now and what has just ended; filters in the address, so that Back and links keep them.

import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useFlowRuns } from '../../api/runs.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { fits, KINDS, ofSignIn, ofTest, type Listed } from './listed.ts';
import { RunState, STATES } from './RunState.tsx';
import { runSearch, type RunSearch } from './search.ts';

const COLUMNS: readonly Column<Listed>[] = [
  {
    label: 'Run',
    cell: ({ id, kind }) => (
      <PageLink to="/runs/$id" params={{ id }} fw={600}>
        {KINDS[kind] ?? kind}
      </PageLink>
    ),
  },
  { label: 'Connector', cell: ({ connector, environment }) => (environment ? `${connector}, ${environment}` : connector) },
  { label: 'Of', cell: ({ of }) => of },
  {
    label: 'State',
    cell: ({ state, told }) => (
      <Stack gap={2}>
        <RunState state={state} />
        {told !== '' && (
          <Text size="sm" c="dimmed">
            {told}
          </Text>
        )}
      </Stack>
    ),
  },
  {
    label: 'When',
    cell: ({ began, until }) => (
      <Text inherit>
        {began ? (
          <Moment at={began} />
        ) : (
          <>
            forgotten <Moment at={until} />
          </>
        )}
      </Text>
    ),
  },
];

/** The page. */
export function RunsPage() {
  const search = useSearch({ from: '/shell/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const { signIns, tests, error, refetch } = useFlowRuns();
  if (!signIns || !tests) return error ? <Unloaded title="Flow runs" error={error} reset={refetch} /> : <Loading />;
  const all = [...signIns.map(ofSignIn), ...tests.map(ofTest)];
  const rows = all.filter((run) => fits(run, search));
  const isFiltered = Object.values(search).some(Boolean);
  const go = (next: RunSearch) => void navigate({ search: next, replace: true });
  return (
    <Page title="Flow runs">
      {all.length === 0 && !isFiltered ? (
        <Empty title="Nothing runs now" action={<PageLink to="/connections">Go to the connections</PageLink>}>
          A flow run is one execution of a flow: a sign-in of a user, or a test of yours in the editor. It stands here while
          it goes on and for some minutes afterwards, and nothing that was typed does.
        </Empty>
      ) : (
        <Stack>
          <Filters search={search} all={all} onChange={go} />
          {rows.length === 0 ? (
            <Empty
              title="No flow run is like this"
              action={
                <Button variant="default" onClick={() => go({})}>
                  Clear the filters
                </Button>
              }
            >
              Ended ones are forgotten after some minutes.
            </Empty>
          ) : (
            <DataTable label="Flow runs" columns={COLUMNS} rows={rows} rowKey={({ id }) => id} />
          )}
        </Stack>
      )}
    </Page>
  );
}

interface FiltersProps {
  search: RunSearch;
  all: readonly Listed[];
  onChange: (search: RunSearch) => void;
}

function Filters({ search, all, onChange }: FiltersProps) {
  const set = (change: RunSearch) => onChange(runSearch({ ...search, ...change }));
  const every = { value: '', label: 'All' };
  // What is asked for stays to be chosen, even where no run has it any more.
  const among = (values: readonly (string | null)[], chosen: string | undefined) =>
    [...new Set([...values, chosen ?? null])].filter((one) => one !== null).sort();
  const states = Object.entries(STATES).map(([value, { word }]) => ({ value, label: word }));
  const kinds = Object.entries(KINDS).map(([value, label]) => ({ value, label }));
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Flow runs">
      <Select
        label="Connector"
        w={{ base: '100%', xs: 180 }}
        data={[every, ...among(all.map(({ connector }) => connector), search.connector)]}
        value={search.connector ?? ''}
        onChange={(connector) => set({ connector: connector ?? '' })}
      />
      <Select
        label="App"
        w={{ base: '100%', xs: 160 }}
        data={[every, ...among(all.map(({ app }) => app), search.app)]}
        value={search.app ?? ''}
        onChange={(app) => set({ app: app ?? '' })}
      />
      <Select
        label="State"
        w={{ base: '100%', xs: 180 }}
        data={[every, ...states]}
        value={search.state ?? ''}
        onChange={(state) => set({ state: state ?? '' })}
      />
      <Select
        label="Kind"
        w={{ base: '100%', xs: 210 }}
        data={[every, { value: 'tests', label: 'Tests of yours' }, ...kinds]}
        value={search.kind ?? ''}
        onChange={(kind) => set({ kind: kind ?? '' })}
      />
    </Group>
  );
}

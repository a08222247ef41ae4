// Which connections are shown.

import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { components } from '../../api/schema.ts';
import { STATES } from './ConnectionState.tsx';
import { connectionSearch, type ConnectionSearch } from './search.ts';

interface Props {
  search: ConnectionSearch;
  connectors: readonly components['schemas']['ConnectorView'][];
  onChange: (search: ConnectionSearch) => void;
}

/** The filters. */
export function Filters({ search, connectors, onChange }: Props) {
  const [owner, setOwner] = useState(search.owner ?? '');
  const setSearch = (change: ConnectionSearch) => onChange(connectionSearch({ ...search, ...change }));
  const setLater = useDebouncedCallback((typed: string) => setSearch({ owner: typed.trim() }), 400);
  const names = connectors.map(({ connector, title }) => ({ value: connector, label: title || connector }));
  if (search.connector && !names.some((it) => it.value === search.connector)) {
    names.push({ value: search.connector, label: search.connector });
  }
  const all = { value: '', label: 'All' };
  const states = Object.entries(STATES).map(([value, { word }]) => ({ value, label: word }));
  const isFiltered = Object.values(search).some(Boolean);
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label="Connections">
      <Select
        label="Connector"
        w={{ base: '100%', xs: 200 }}
        data={[all, ...names]}
        value={search.connector ?? ''}
        onChange={(connector) => setSearch({ connector: connector ?? '' })}
      />
      <Select
        label="State"
        w={{ base: '100%', xs: 190 }}
        data={[all, ...states]}
        value={search.state ?? ''}
        onChange={(state) => setSearch({ state: state ?? '' })}
      />
      <TextInput
        label="Owner"
        w={{ base: '100%', xs: 200 }}
        placeholder="shop/u123, shared"
        value={owner}
        onChange={(event) => {
          setOwner(event.currentTarget.value);
          setLater(event.currentTarget.value);
        }}
      />
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            setOwner('');
            onChange({});
          }}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}

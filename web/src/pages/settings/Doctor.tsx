// Whether this installation is sound, as `stepgate doctor` looks at it.

import { Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { components } from '../../api/schema.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Section } from '../../ui/Section.tsx';
import classes from './Doctor.module.css';

type Finding = components['schemas']['DoctorFinding'];

const COLUMNS: readonly Column<Finding>[] = [
  {
    label: 'What',
    cell({ what, sound }) {
      const Icon = sound ? IconCircleCheck : IconAlertTriangle;
      return (
        <Group gap={6} wrap="nowrap" c={sound ? 'var(--page-good)' : 'var(--page-warning)'}>
          <Icon size={17} aria-hidden />
          <Text inherit fw={550}>
            {what}
            <span className="visually-hidden">{sound ? ': sound' : ': not sound'}</span>
          </Text>
        </Group>
      );
    },
  },
  { label: 'How it is', cell: ({ detail }) => <span className={classes.detail}>{detail.replace(/\n {4}/g, '\n')}</span> },
];

/** The part of the page. It asks each connector’s API once, so that it is not asked again by itself. */
export function Doctor() {
  const doctor = useQuery({
    queryKey: ['doctor'],
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    queryFn: () => data(api.GET('/api/doctor')),
  });
  return (
    <Section
      title="This installation"
      about={
        <>
          What <Code>stepgate doctor</Code> says: clock, key, store, sandbox, addresses, single sign-on, and whether each connector’s
          API answers.
        </>
      }
      actions={
        <Button variant="default" loading={doctor.isFetching} onClick={() => void doctor.refetch()}>
          Look again
        </Button>
      }
    >
      {doctor.isPending && <Loading />}
      {doctor.isLoadingError && <Failure error={doctor.error} />}
      {doctor.data && (
        <DataTable label="Findings" columns={COLUMNS} rows={doctor.data.findings} rowKey={({ what }) => what} />
      )}
    </Section>
  );
}

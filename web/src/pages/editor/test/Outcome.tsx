// How a test came out, and the report of it that can be given to others.

import { Button, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconFileText } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { hasEnded, reportOf, type TestRun } from '../../../api/testRuns.ts';
import { download } from '../../../ui/download.ts';
import { Failure } from '../../../ui/Failure.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import classes from './test.module.css';

/** How it came out. */
export function Outcome({ run }: { run: TestRun }) {
  const report = useMutation({
    mutationFn: () => reportOf(run.id),
    onSuccess: (text) => download(`${run.connector}-${run.flow}-test.md`, text, 'text/markdown'),
  });
  if (!hasEnded(run)) return null;
  const { outcome, credential } = run;
  return (
    <>
      {run.state === 'done' && outcome && (
        <Text size="sm" className={classes.verdict}>
          {outcome.expected ? (
            <IconCircleCheck size={18} className={classes.good} aria-hidden />
          ) : (
            <IconCircleX size={18} className={classes.bad} aria-hidden />
          )}
          {outcome.status}, {outcome.expected ? 'as expected' : 'not what is expected'}
          {outcome.renewed && ', after a renewal'}
          {outcome.over && '; the API still says that the session is over'}
        </Text>
      )}
      {run.state === 'done' && credential && (
        <Text size="sm" className={classes.verdict}>
          <IconCircleCheck size={18} className={classes.good} aria-hidden />
          <span>
            The credential is complete
            {credential.has_identity ? '' : ', but does not say which account it is'}
            {credential.expires_at && (
              <>
                ; it ends <Moment at={credential.expires_at} />
              </>
            )}
            .
          </span>
        </Text>
      )}
      {run.state === 'cancelled' && <Text size="sm">The test was stopped, and what it had is forgotten.</Text>}
      {report.isError && <Failure error={report.error} />}
      {run.state !== 'cancelled' && (
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconFileText size={15} aria-hidden />}
            loading={report.isPending}
            onClick={() => report.mutate()}
          >
            Save a report without secrets
          </Button>
        </Group>
      )}
    </>
  );
}

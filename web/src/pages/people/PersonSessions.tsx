// Where a person is signed in, and ending it there.

import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { sessionsOfQuery, useEndSessionsOf } from '../../api/people.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { useFocusBack } from '../../ui/useFocusBack.ts';
import { browser } from '../account/browser.ts';

interface Props {
  login: string;
  isSelf: boolean;
  opened: boolean;
  onClose: () => void;
}

/** The dialog. */
export function PersonSessions({ login, isSelf, opened, onClose }: Props) {
  useFocusBack(opened);
  return (
    <Modal opened={opened} onClose={onClose} title={`Where ${login} is signed in`} size="lg">
      <List login={login} isSelf={isSelf} />
    </Modal>
  );
}

function List({ login, isSelf }: { login: string; isSelf: boolean }) {
  const sessions = useQuery(sessionsOfQuery(login));
  const end = useEndSessionsOf(login);
  const say = useSay();
  const finish = (id: string | null) => end.mutate(id, { onSuccess: () => say('Ended.') });
  if (sessions.isPending) return <Loading />;
  if (sessions.isLoadingError) return <Failure error={sessions.error} reset={() => void sessions.refetch()} />;
  const all = sessions.data.sessions;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Ending one asks for the sign-in again in that browser, at once. Personal API tokens go on; to stop those too, keep{' '}
        {login} out.
      </Text>
      {end.isError && <Failure error={end.error} />}
      {all.length === 0 && <Text>{login} is signed in nowhere.</Text>}
      <ul className="bare-list" aria-label={`Sessions of ${login}`}>
        {all.map(({ id, agent, seen_at: seen }) => (
          <Group key={id} component="li" justify="space-between" py="xs" wrap="nowrap">
            <Stack gap={0} style={{ minWidth: 0 }}>
              <Text title={agent ?? undefined}>{browser(agent ?? '')}</Text>
              <Text size="sm" c="dimmed">
                last used <Moment at={seen} />
              </Text>
            </Stack>
            <Button
              size="xs"
              variant="default"
              loading={end.isPending && end.variables === id}
              aria-label={`End ${browser(agent ?? '')}`}
              onClick={() => finish(id)}
            >
              End
            </Button>
          </Group>
        ))}
      </ul>
      {isSelf && <Badge variant="light">One of them is this one</Badge>}
      {all.length > 1 && !isSelf && (
        <Group justify="flex-end">
          <Button color="red" loading={end.isPending && end.variables === null} onClick={() => finish(null)}>
            End all {all.length}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

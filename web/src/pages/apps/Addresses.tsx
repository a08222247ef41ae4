// From which origins an app's pages may call, and where the managed auth screen may send browsers back to.

import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useChangeApp, type App } from '../../api/apps.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Section } from '../../ui/Section.tsx';

const lines = (text: string) =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Both lists, one address a line, judged by the server. */
export function Addresses({ app }: { app: App }) {
  const change = useChangeApp(app);
  const say = useSay();
  const before = { origins: app.origins.join('\n'), back: app.return_addresses.join('\n') };
  const [typed, setTyped] = useState(before);
  const isChanged = typed.origins !== before.origins || typed.back !== before.back;
  const wrong = change.error;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(
      { origins: lines(typed.origins), return_addresses: lines(typed.back) },
      { onSuccess: () => say('The addresses are saved.') },
    );
  };
  return (
    <Section title="Addresses of its pages" about="An app that only has a backend needs none of them.">
      <form onSubmit={submit}>
        <Stack>
          <Textarea
            label="Origins"
            description="Whose pages may call with a user token and show the screen in a frame; one a line, no patterns"
            placeholder="https://shop.example.org"
            value={typed.origins}
            autosize
            minRows={2}
            spellCheck={false}
            error={wrong?.at('origins')}
            onChange={(event) => setTyped({ ...typed, origins: event.currentTarget.value })}
          />
          <Textarea
            label="Return addresses"
            description="Where the screen may send a browser back to, to the letter; one a line"
            placeholder="https://shop.example.org/connected"
            value={typed.back}
            autosize
            minRows={2}
            spellCheck={false}
            error={wrong?.at('return_addresses')}
            onChange={(event) => setTyped({ ...typed, back: event.currentTarget.value })}
          />
          {wrong && !wrong.field && <Failure error={wrong} />}
          {isChanged && (
            <Group gap="xs">
              <Button type="submit" loading={change.isPending}>
                Save the addresses
              </Button>
              <Button
                variant="default"
                onClick={() => {
                  setTyped(before);
                  change.reset();
                }}
              >
                Undo
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

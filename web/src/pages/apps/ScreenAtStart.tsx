// Whether the app's pages show the managed auth screen at their start.

import { Switch } from '@mantine/core';
import { useChangeApp, type App } from '../../api/apps.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useSay } from '../../ui/LiveRegion.tsx';
import { Section } from '../../ui/Section.tsx';

/** The switch, which saves by itself. */
export function ScreenAtStart({ app }: { app: App }) {
  const change = useChangeApp(app);
  const say = useSay();
  // As it was just set, until the server has said so too.
  const shown = (change.isPending ? change.variables.screen_at_start : null) ?? app.screen_at_start;
  const set = (next: boolean) =>
    change.mutate(
      { screen_at_start: next },
      { onSuccess: () => say(next ? 'The screen is shown at start.' : 'The screen is shown when needed.') },
    );
  return (
    <Section title="Managed auth screen" about="The page on which the app’s users sign in to its connectors.">
      <Switch
        label="Show the managed auth screen at start"
        description={
          shown
            ? 'Where a sign-in is missing, the app’s page begins with the screen.'
            : 'The app’s page begins as it is. The first call that needs a sign-in asks for it, and waits.'
        }
        checked={shown}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {change.isError && <Failure error={change.error} />}
    </Section>
  );
}

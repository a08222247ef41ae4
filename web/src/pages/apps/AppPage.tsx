// One app: what it may use, from where its pages call, its keys, and what to paste into it.

import { Breadcrumbs, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { appQuery } from '../../api/apps.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageLink } from '../../ui/PageLink.tsx';
import { Unloaded } from '../../ui/Unloaded.tsx';
import { Addresses } from './Addresses.tsx';
import { DeleteApp } from './DeleteApp.tsx';
import { Keys } from './Keys.tsx';
import { Publish } from './Publish.tsx';
import { ScreenAtStart } from './ScreenAtStart.tsx';
import { Snippets } from './Snippets.tsx';
import { Titled } from './Titled.tsx';

/** The page. */
export function AppPage() {
  const { name } = useParams({ from: '/shell/apps/$name' });
  const app = useQuery(appQuery(name));
  if (app.isPending) return <Loading />;
  if (app.isLoadingError) {
    const all = <PageLink to="/apps">All apps</PageLink>;
    return <Unloaded title={name} error={app.error} reset={() => void app.refetch()} all={all} />;
  }
  return (
    <Page title={app.data.title} actions={<Titled app={app.data} />}>
      <Stack gap="lg">
        <Breadcrumbs>
          <PageLink to="/apps">
            Apps
          </PageLink>
          <Text>{name}</Text>
        </Breadcrumbs>
        {/* What is being changed begins anew with each version of the app. */}
        <Publish key={`publish-${app.data.version}`} app={app.data} />
        <ScreenAtStart app={app.data} />
        <Addresses key={`addresses-${app.data.version}`} app={app.data} />
        <Keys app={app.data} />
        <Snippets app={app.data} />
        <DeleteApp app={app.data} />
      </Stack>
    </Page>
  );
}

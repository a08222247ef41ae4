// All pages by address. To add one: a folder under `src/pages/`, a line here, and a line in `navigation.ts`.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { connectionSearch } from '../pages/connections/search.ts';
import { runSearch } from '../pages/runs/search.ts';
import { Loading } from '../ui/Loading.tsx';
import { Failure } from '../ui/Failure.tsx';
import { NotFound } from './NotFound.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({ notFoundComponent: NotFound });

/** Makes the first admin, by the link in the log. */
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search): { ticket?: string } =>
    typeof search.ticket === 'string' ? { ticket: search.ticket } : {},
  component: lazyRouteComponent(() => import('../pages/account/SetUpPage.tsx'), 'SetUpPage'),
});

/** Sets one's password, by a link from an admin. What opens it stands behind the `#`, where no server sees it. */
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../pages/account/JoinPage.tsx'), 'JoinPage'),
});

/** Everything that somebody has to be signed in for. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const pages = [
  createRoute({
    getParentRoute: () => shell,
    path: '/',
    component: lazyRouteComponent(() => import('../pages/connectors/ConnectorsPage.tsx'), 'ConnectorsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/connectors/$name',
    component: lazyRouteComponent(() => import('../pages/editor/EditorPage.tsx'), 'EditorPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/apps',
    component: lazyRouteComponent(() => import('../pages/apps/AppsPage.tsx'), 'AppsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/apps/$name',
    component: lazyRouteComponent(() => import('../pages/apps/AppPage.tsx'), 'AppPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/connections',
    validateSearch: connectionSearch,
    component: lazyRouteComponent(() => import('../pages/connections/ConnectionsPage.tsx'), 'ConnectionsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/connections/$id',
    component: lazyRouteComponent(() => import('../pages/connections/ConnectionPage.tsx'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/runs',
    validateSearch: runSearch,
    component: lazyRouteComponent(() => import('../pages/runs/RunsPage.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/runs/$id',
    component: lazyRouteComponent(() => import('../pages/runs/RunPage.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/connectors/$name/secrets',
    component: lazyRouteComponent(() => import('../pages/secrets/SecretsPage.tsx'), 'SecretsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/people',
    component: lazyRouteComponent(() => import('../pages/people/PeoplePage.tsx'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/settings',
    component: lazyRouteComponent(() => import('../pages/settings/SettingsPage.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/account',
    component: lazyRouteComponent(() => import('../pages/account/AccountPage.tsx'), 'AccountPage'),
  }),
] as const;

/** The router. */
export const router = createRouter({
  routeTree: root.addChildren([setUp, join, shell.addChildren(pages)]),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

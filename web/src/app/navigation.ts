// What the navigation shows, in its order.

import {
  IconApps,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconUserCheck,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import type { LinkProps } from '@tanstack/react-router';

/** One place to go to. */
export interface Place {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: Icon;
  /** Addresses that belong to it besides its own. */
  below?: string;
  /** Whether only an admin has a use for it. */
  admin?: boolean;
}

/** The places. */
export const PLACES: readonly Place[] = [
  { to: '/', label: 'Connectors', icon: IconPlugConnected, below: '/connectors' },
  { to: '/apps', label: 'Apps', icon: IconApps },
  { to: '/connections', label: 'Connections', icon: IconUserCheck },
  { to: '/runs', label: 'Flow runs', icon: IconRoute },
  { to: '/people', label: 'People', icon: IconUsers, admin: true },
  { to: '/settings', label: 'Settings', icon: IconSettings },
];

// Who is signed in, how the page looks, and the way out.

import { Loader, Menu, Modal, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAccount, useSignOut } from '../api/session.ts';
import { Failure } from '../ui/Failure.tsx';
import classes from './AccountMenu.module.css';
import { mayLeave } from './leaving.ts';

const SCHEMES: readonly [MantineColorScheme, string, typeof IconSun][] = [
  ['auto', 'As the system', IconDeviceDesktop],
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
];

/** The menu. */
export function AccountMenu({ onGo }: { onGo?: () => void }) {
  const { login, role } = useAccount();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [isOpen, setOpen] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const leave = async () => {
    setLeaving(true);
    // What is unsaved is kept first: afterwards it could not be.
    if (await mayLeave()) signOut.mutate(undefined, { onError: () => setOpen(false) });
    setLeaving(false);
  };
  const isBusy = isLeaving || signOut.isPending;
  const go = () => {
    onGo?.();
    void navigate({ to: '/account' });
  };
  return (
    <>
      <Menu position="top-start" width={200} opened={isOpen} onChange={setOpen}>
        <Menu.Target>
          <UnstyledButton className={classes.button}>
            <IconUserCircle size={22} stroke={1.6} aria-hidden />
            <span className={classes.who}>
              <span className={classes.login}>{login}</span>
              <span className={classes.role}>{role}</span>
            </span>
            <IconSelector size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUserCircle size={16} aria-hidden />} onClick={go}>
            Account
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Colours</Menu.Label>
          {SCHEMES.map(([scheme, label, Icon]) => (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={colorScheme === scheme}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={colorScheme === scheme ? '✓' : null}
              onClick={() => setColorScheme(scheme)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={isBusy ? <Loader size={16} /> : <IconLogout size={16} aria-hidden />}
            closeMenuOnClick={false}
            disabled={isBusy}
            onClick={() => void leave()}
          >
            {isBusy ? 'Signing out…' : 'Sign out'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={signOut.isError} onClose={() => signOut.reset()} title="You are still signed in">
        {signOut.error && <Failure error={signOut.error} reset={() => void leave()} />}
      </Modal>
    </>
  );
}

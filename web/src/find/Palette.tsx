// Finds anything by a few letters: connectors, apps, pages, and the parts of what is open.

import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { appsQuery } from '../api/apps.ts';
import { connectorsQuery } from '../api/connectors.ts';
import { useAccount } from '../api/session.ts';
import { PLACES } from '../app/navigation.ts';
import { useFocusBack } from '../ui/useFocusBack.ts';
import classes from './Palette.module.css';
import { found, type Findable } from './found.ts';
import { here } from './here.ts';

interface Thing extends Findable {
  go: () => void;
}

/** How many are listed at most. */
const MOST = 40;

/** The dialog. */
export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  useFocusBack();
  const id = useId();
  const { role } = useAccount();
  const navigate = useNavigate();
  const connectors = useQuery(connectorsQuery);
  const apps = useQuery(appsQuery);
  const [open] = useState(here);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const things: Thing[] = [
    ...open,
    ...(connectors.data?.connectors ?? []).map(({ connector, title }) => ({
      label: connector,
      about: title && title !== connector ? `Connector, ${title}` : 'Connector',
      go: () => void navigate({ to: '/connectors/$name', params: { name: connector } }),
    })),
    ...(apps.data?.apps ?? []).map(({ name, title }) => ({
      label: name,
      about: title && title !== name ? `App, ${title}` : 'App',
      go: () => void navigate({ to: '/apps/$name', params: { name } }),
    })),
    ...PLACES.filter(({ admin }) => !admin || role === 'admin').map(({ to, label }) => ({
      label,
      about: 'Page',
      go: () => void navigate({ to }),
    })),
    { label: 'Account', about: 'Page', go: () => void navigate({ to: '/account' }) },
    { label: 'Keys', about: 'What the keys do', go: onKeys },
  ];
  const list = found(things, typed).slice(0, MOST);
  const at = Math.min(chosen, Math.max(0, list.length - 1));
  const go = (thing: Thing | undefined) => {
    if (!thing) return;
    onClose();
    // The dialog gives the focus back first; what is gone to takes it then.
    setTimeout(thing.go);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(1, list.length));
    else if (event.key === 'ArrowUp') setChosen((at + list.length - 1) % Math.max(1, list.length));
    else if (event.key === 'Enter') go(list[at]);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);
  return (
    <Modal opened onClose={onClose} title="Find" size="lg" yOffset="10vh">
      <TextInput
        aria-label="Find connectors, apps, pages and parts"
        placeholder="Connectors, apps, pages, parts of what is open"
        leftSection={<IconSearch size={16} aria-hidden />}
        role="combobox"
        aria-expanded={list.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={list.length > 0 ? `${id}-${at}` : undefined}
        autoComplete="off"
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" tabIndex={-1} aria-label="Found" className={classes.list}>
        {list.map((thing, index) => (
          // The keys are the field's, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={`${thing.about} ${thing.label}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className={classes.thing}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(thing)}
          >
            <span className={classes.label}>{thing.label}</span>
            <span className={classes.about}>{thing.about}</span>
          </div>
        ))}
      </div>
      {list.length === 0 && <p className={classes.none}>{`Nothing is called “${typed}”.`}</p>}
    </Modal>
  );
}

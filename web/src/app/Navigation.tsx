// The list of places to go to, the current one marked.

import { Link, useLocation } from '@tanstack/react-router';
import { useAccount } from '../api/session.ts';
import { PLACES, type Place } from './navigation.ts';
import classes from './Navigation.module.css';

/** The navigation. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const { role } = useAccount();
  const { pathname } = useLocation();
  return (
    <nav aria-label="Main" className={classes.list}>
      {PLACES.filter(({ admin }) => !admin || role === 'admin').map((place) => (
        <Link
          key={place.to}
          to={place.to}
          onClick={onGo}
          className={classes.place}
          aria-current={isAt(place, pathname) ? 'page' : undefined}
        >
          <place.icon size={18} stroke={1.7} aria-hidden />
          {place.label}
        </Link>
      ))}
    </nav>
  );
}

function isAt({ to, below }: Place, pathname: string): boolean {
  if (pathname === to) return true;
  const folder = below ?? to;
  return folder !== '/' && (pathname === folder || pathname.startsWith(`${folder}/`));
}

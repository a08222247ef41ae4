// What lets a person in and was just made: a link or a first password, shown once to whoever hands it over.

import type { SetUpLink } from '../../api/people.ts';
import { Moment } from '../../ui/Moment.tsx';
import { ShownOnce } from '../../ui/ShownOnce.tsx';

/** For whom it is, and what. */
export type Given = { login: string } & ({ password: string } | { link: SetUpLink });

/** The dialog. */
export function Handover({ given, onClose }: { given: Given | null; onClose: () => void }) {
  if (given && 'link' in given) {
    return (
      <ShownOnce what="link" secret={given.link.url ?? null} onClose={onClose}>
        Send it to {given.login} by a way that only they read: whoever opens it first sets the password. It works once,
        until <Moment at={given.link.expires_at} />, and can be taken back.
      </ShownOnce>
    );
  }
  return (
    <ShownOnce what="password" secret={given?.password ?? null} onClose={onClose}>
      Hand it to {given?.login} by a way that only they read. They sign in at {location.origin} and change it under
      Account.
    </ShownOnce>
  );
}

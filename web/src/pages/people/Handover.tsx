// A first password that was just set, shown once to whoever hands it over.

import { ShownOnce } from '../../ui/ShownOnce.tsx';

/** For whom it is. */
export interface FirstPassword {
  login: string;
  password: string;
}

/** The dialog. */
export function Handover({ given, onClose }: { given: FirstPassword | null; onClose: () => void }) {
  return (
    <ShownOnce what="password" secret={given?.password ?? null} onClose={onClose}>
      Hand it to {given?.login} by a way that only they read. They sign in at {location.origin} and change it under
      Account.
    </ShownOnce>
  );
}

// How connections are called on the page: by account, by owner, and what became of what was done to one.

import type { components } from '../../api/schema.ts';
import type { Connection } from '../../api/connections.ts';

/** The account, by the best name that there is. */
export function account({ name, label, identity }: Connection): string {
  return name ?? label ?? identity ?? 'Unnamed account';
}

/** Whose it is. */
export function owner(connection: Pick<Connection, 'owner' | 'app' | 'user'>): string {
  if (connection.app && connection.user) return `${connection.user} of ${connection.app}`;
  if (connection.owner === 'shared') return 'everybody';
  if (connection.owner === 'local') return 'the command line';
  return connection.owner.replace(/^people\//, '');
}

/** What a test found. */
export function tested({ ok, name, status, renewed, why }: components['schemas']['TestView']): string {
  const first = ok
    ? `It works: “${name}” answered ${status}.`
    : `It does not work: “${name}” answered ${status}.${why ? ` ${why}` : ''}`;
  return renewed ? `${first} The session was over and has been renewed for it.` : first;
}

/** What became of the session at the API. */
export function signedOut({ outcome, why }: components['schemas']['SignedOutView']): string {
  const because = why ? ` ${why}` : '';
  switch (outcome) {
    case 'at_the_api':
      return 'Signed out, at the API too.';
    case 'only_here':
      return 'Signed out here. The connector does not say how to end a session, so at the API it ends by itself.';
    case 'not_revoked':
      return `Signed out here. The API did not revoke the tokens.${because}`;
    default:
      return `Signed out here. The API did not end the session.${because}`;
  }
}

// What is asked before something is done to a person's account: each question names what ends by it.

import type { Identity, Person } from '../../api/people.ts';
import { isInvited } from './PersonState.tsx';

/** What can be done. */
export type Act =
  | { kind: 'role' | 'link' | 'revoke' | 'password' | 'door' | 'delete' }
  | { kind: 'unlink'; identity: Identity };

/** The question. */
export interface Question {
  title: string;
  /** The verb on the button. */
  action: string;
  danger: boolean;
  effect: string;
}

/** What is asked before. */
export function asked(act: Act, person: Person): Question {
  const { login } = person;
  switch (act.kind) {
    case 'role':
      return person.role === 'admin'
        ? {
            title: `Make ${login} a builder?`,
            action: 'Make a builder',
            danger: false,
            effect: `${login} can no longer look after people or settings. Connectors, apps and tokens stay.`,
          }
        : {
            title: `Make ${login} an admin?`,
            action: 'Make an admin',
            danger: false,
            effect: `${login} can then do everything, also add and delete people.`,
          };
    case 'link':
      return {
        title: `Make ${login} a link?`,
        action: 'Make and show it',
        danger: false,
        effect: `${login} sets a new password by it, once, within three days. ${
          isInvited(person) ? '' : 'The password until now works until then; setting a new one ends all their sessions. '
        }${person.set_up_link ? 'The link before ends now.' : ''}`.trim(),
      };
    case 'revoke':
      return {
        title: `Take the link of ${login} back?`,
        action: 'Take it back',
        danger: true,
        effect: isInvited(person)
          ? `${login} cannot come in until you make another link.`
          : `Nobody can set a password by it any more. ${login} signs in as before.`,
      };
    case 'password':
      return {
        title: `Give ${login} a new password?`,
        action: 'Make and show it',
        danger: false,
        effect: `The password until now ends, and so do all sessions of ${login}. Personal API tokens stay.`,
      };
    case 'unlink':
      return {
        title: `Unlink ${login} from ${act.identity.provider}?`,
        action: 'Unlink',
        danger: true,
        effect: `Ends all sessions of ${login} and forgets the tokens from there; whoever is “${act.identity.subject}” there comes in no more. ${
          person.has_password
            ? `${login} goes on with their password.`
            : `${login} has no password here: make them a link, or they cannot come in.`
        }`,
      };
    case 'door':
      return person.disabled
        ? { title: `Let ${login} in again?`, action: 'Let in', danger: false, effect: 'They sign in as before.' }
        : {
            title: `Keep ${login} out?`,
            action: 'Keep out',
            danger: true,
            effect: `Ends all sessions of ${login} at once, and refuses their tokens until they are let in again. What they made stays.`,
          };
    case 'delete':
      return {
        title: `Delete ${login}?`,
        action: 'Delete',
        danger: true,
        effect: `Ends all sessions, tokens and try-outs of ${login}. Connectors and apps that they made stay. It cannot be undone.`,
      };
  }
}

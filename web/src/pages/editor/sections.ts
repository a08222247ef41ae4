// The parts of a definition, in the order in which the form and its outline show them.

/** A part. */
export interface Section {
  id: string;
  title: string;
  /** The top-level keys that stand in it. */
  keys: readonly string[];
  /** One sentence. */
  about: string;
}

/** The parts. */
export const SECTIONS: readonly Section[] = [
  {
    id: 'basics',
    title: 'Basics',
    keys: ['connector', 'title', 'kind', 'base_url', 'origins'],
    about: 'What it is called, and where the API lives.',
  },
  {
    id: 'connection',
    title: 'Connection',
    keys: ['connection'],
    about: 'Whose sign-in it is, and where the credential is kept.',
  },
  { id: 'cookies', title: 'Cookies', keys: ['cookies'], about: 'What the API’s cookies do besides the flows, which always use them.' },
  {
    id: 'variables',
    title: 'Variables and secrets',
    keys: ['variables', 'secrets'],
    about: 'Values that stay the same. A secret’s value is set apart and never stands in the definition.',
  },
  { id: 'auth_flow', title: 'Auth flow', keys: ['auth_flow'], about: 'How a person or a machine signs in, step by step.' },
  { id: 'session', title: 'Session', keys: ['session'], about: 'How the end of a session is told: afterwards by a reply, or ahead by its life.' },
  { id: 'refresh_flow', title: 'Refresh flow', keys: ['refresh_flow'], about: 'How a session that is over is renewed, without a person.' },
  {
    id: 'request_parameters',
    title: 'Request parameters',
    keys: ['request_parameters'],
    about: 'What every call gets, and flow steps do not.',
  },
  { id: 'sign_in', title: 'Sign-in type', keys: ['sign_in'], about: 'A scheme that signs each call itself.' },
  {
    id: 'client_certificate',
    title: 'Client certificate',
    keys: ['client_certificate'],
    about: 'What Stepgate proves itself by to APIs that want a certificate.',
  },
  { id: 'test_api', title: 'Test API', keys: ['test_api'], about: 'The call that proves that a credential works.' },
  { id: 'endpoints', title: 'Endpoints', keys: ['endpoints'], about: 'The calls that have a name.' },
  { id: 'step_up', title: 'Step-up', keys: ['step_up'], about: 'What happens where the API wants more proof for one call.' },
  { id: 'logout_flow', title: 'Logout flow', keys: ['logout_flow'], about: 'How the session is ended.' },
  { id: 'environments', title: 'Environments', keys: ['environments'], about: 'Other places of the same API, such as staging.' },
];

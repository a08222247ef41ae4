// Sign-ins and tests as one list of flow runs: what each is, whose, how it stands, and which filters it fits.

import type { SignInRun } from '../../api/runs.ts';
import type { TestRun } from '../../api/testRuns.ts';
import { owner } from '../connections/told.ts';
import type { RunSearch } from './search.ts';

/** A flow run in the list. */
export interface Listed {
  id: string;
  /** `sign_in`, or what a test tested. */
  kind: string;
  connector: string;
  environment: string | null;
  /** The app, where it is one's user's. */
  app: string | null;
  /** Whose it is. */
  of: string;
  state: string;
  /** What it waits for, or why it failed. */
  told: string;
  /** The connection that came of it. */
  connection: string | null;
  /** When it began; not known of a sign-in. */
  began: string | null;
  /** When it is forgotten. */
  until: string;
}

/** What the kinds are called. */
export const KINDS: Readonly<Record<string, string>> = {
  sign_in: 'Sign-in',
  auth: 'Test of the auth flow',
  refresh: 'Test of the refresh flow',
  logout: 'Test of the logout flow',
  test_api: 'Test of the test API',
  endpoint: 'Test of an endpoint',
};

const WAITS: Readonly<Record<string, string>> = {
  form: 'for a form to be filled in',
  open: 'for a page of the API',
  show: 'for a code to be entered elsewhere',
  confirm_identity: 'for a choice between two accounts',
};

/** A sign-in. */
export function ofSignIn(run: SignInRun): Listed {
  const [app = '', user = ''] = run.owner.split('/');
  const isUsers = user !== '' && app !== 'people';
  const waits = run.waits_for ? `Waits ${WAITS[run.waits_for] ?? run.waits_for}${run.step ? `, in ${run.step}` : ''}` : '';
  const failed = run.error ? `${run.error.detail}${run.error.step ? ` (${run.error.step})` : ''}` : '';
  return {
    id: run.id,
    kind: 'sign_in',
    connector: run.connector,
    environment: run.environment ?? null,
    app: isUsers ? app : null,
    of: owner({ owner: run.owner, ...(isUsers ? { app, user } : {}) }),
    state: run.state,
    told: failed === '' ? waits : failed,
    connection: run.connection_id ?? null,
    began: null,
    until: run.expires_at,
  };
}

/** A test of one's own. */
export function ofTest(run: TestRun): Listed {
  return {
    id: run.id,
    kind: run.flow,
    connector: run.connector,
    environment: run.environment ?? null,
    app: null,
    of: 'you',
    state: run.state,
    told: run.error?.message ?? run.endpoint ?? '',
    connection: null,
    began: run.started_at,
    until: run.expires_at,
  };
}

/** Whether a run is one of those that are asked for. */
export function fits(run: Listed, { connector, app, state, kind }: RunSearch): boolean {
  if (connector && run.connector !== connector) return false;
  if (app && run.app !== app) return false;
  if (state && run.state !== state) return false;
  return !kind || run.kind === kind || (kind === 'tests' && run.kind !== 'sign_in');
}

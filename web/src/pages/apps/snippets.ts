// What to paste into an app, filled with its own names.

import type { App } from '../../api/apps.ts';

/** An app's backend asks for what its pages need, and calls; on the command line. */
export function backend(gate: string, app: App, connector: string, endpoint: string): string {
  const back = app.return_addresses[0];
  const link = back === undefined ? '{"user":"u123"}' : `{"user":"u123","return_to":"${back}"}`;
  return `# The key stays in the backend: no page may have it.
export STEPGATE_KEY=sg_app_…

# A link to the screen where the user u123 signs in; once, within 5 minutes
curl ${gate}/api/auth-links --json '${link}' -H "Stepgate-Key: $STEPGATE_KEY"

# A token for the page of the user u123; for 10 minutes
curl ${gate}/api/user-tokens --json '{"user":"u123"}' -H "Stepgate-Key: $STEPGATE_KEY"

# A call in the name of the user u123
curl ${gate}/call/${connector}/${endpoint} --json '{"parameters":{}}' -H "Stepgate-Key: $STEPGATE_KEY" -H 'Stepgate-User: u123'
`;
}

/** The page of an app: the screen, and calls that wait for a sign-in. */
export function page(gate: string, app: App, connector: string, endpoint: string): string {
  const start = app.screen_at_start
    ? `
// Shows the screen at start, where a sign-in is missing.
await stepgate.start();
`
    : '';
  return `import { connect } from '${gate}/sdk.mjs';

/** Your own backend, which knows who its user is. */
const backend = async (path, about = {}) =>
  (await fetch(path, { method: 'POST', body: JSON.stringify(about), headers: { 'content-type': 'application/json' } })).json();

const stepgate = connect({
  gate: '${gate}',
  link: async (about) => (await backend('/stepgate/link', about)).url, // asks POST /api/auth-links
  token: () => backend('/stepgate/token'), // asks POST /api/user-tokens
});
${start}
// In a click: the screen, in a window of its own or, on phones, in place of the page.
button.onclick = () => stepgate.openAuthScreen({ after: 'continue' });

// A call that needs a sign-in asks once, and waits.
const reply = await stepgate.call('${connector}', '${endpoint}', {});
`;
}

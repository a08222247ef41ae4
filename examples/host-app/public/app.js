// A page with ten widgets on one connector. It never sees a token of the API, nor the app's key.

const settings = await (await fetch('/settings.json')).json();
const { connect } = await import(`${settings.gate}/sdk.mjs`);
const element = (id) => document.getElementById(id);

/** Asks our own backend, which knows who the user is. */
async function backend(path, body = {}) {
  const reply = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!reply.ok) {
    throw new Error(`${path}: ${reply.status}`);
  }
  return reply.json();
}

const stepgate = connect({
  gate: settings.gate,
  link: async (about) => (await backend('/stepgate/link', about)).url,
  token: () => backend('/stepgate/token'),
});

element('who').textContent = `Signed in here as ${settings.user}`;
const told = ({ outcome, reason, changed }) =>
  (element('outcome').textContent = `${outcome}: ${reason}${changed.length > 0 ? ` (${changed.join(', ')})` : ''}`);

for (const button of document.querySelectorAll('[data-open]')) {
  // In the click's own handler: browsers open no window later.
  button.addEventListener('click', () => {
    const how = button.dataset.open;
    const options = {
      continue: { mode: 'popup', after: 'continue' },
      reload: { mode: 'popup', after: 'reload' },
      iframe: { mode: 'iframe', after: 'continue' },
      redirect: { mode: 'redirect' },
    }[how];
    stepgate.openAuthScreen(options).then(told);
  });
}
element('clear').addEventListener('click', () => stepgate.clear(settings.connector));

const widgets = Array.from({ length: 10 }, (_, index) => {
  const item = document.createElement('li');
  item.textContent = `Widget ${index + 1}: not loaded`;
  element('widgets').append(item);
  return async () => {
    item.textContent = `Widget ${index + 1}: waiting`;
    try {
      const reply = await stepgate.call(settings.connector, settings.endpoint, settings.endpoint === 'notes' ? { n: index + 1 } : {});
      item.textContent = `Widget ${index + 1}: ${reply.status} ${await reply.text()}`;
    } catch (error) {
      item.textContent = `Widget ${index + 1}: ${error.message}`;
    }
  };
});
element('load').addEventListener('click', () => void Promise.all(widgets.map((load) => load())));

stepgate.on('change', ({ connectors }) => {
  element('who').dataset.changed = connectors.join(' ');
});

if (stepgate.returned) {
  told(stepgate.returned);
}
document.body.dataset.ready = '';

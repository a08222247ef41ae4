// The backend of a small app: it holds the app's key, knows who its user is, and asks Stepgate for links and tokens in that
// user's name. Nothing but Node.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const gate = (process.env.STEPGATE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const key = process.env.STEPGATE_KEY;
const port = Number(process.env.PORT ?? 3000);
const settings = {
  gate,
  connector: process.env.CONNECTOR ?? 'demo',
  endpoint: process.env.ENDPOINT ?? 'list_notes',
};
const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
};

/** Who is signed in to this app. A real one looks at its own session; here each browser says who it is. */
function userOf(request) {
  const named = /(?:^|; )user=([\w-]{1,64})/.exec(request.headers.cookie ?? '');
  return named?.[1] ?? 'ana';
}

/** Asks Stepgate, with the key that no browser ever sees. */
async function ask(path, body) {
  const reply = await fetch(gate + path, {
    method: 'POST',
    headers: { 'stepgate-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

/** Only our own page may ask, as it is answered in the user's name. */
function isOurs(request, origin) {
  return request.headers.origin === origin;
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > 4096) {
      throw new Error('too long');
    }
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

const server = createServer(async (request, response) => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const { pathname } = new URL(request.url, origin);
  const send = (status, type, content) =>
    response
      .writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': `default-src 'none'; script-src 'self' ${gate}; style-src 'self'; connect-src 'self' ${gate}; frame-src ${gate}; base-uri 'none'; form-action 'none'`,
      })
      .end(content);
  try {
    if (request.method === 'GET' && files[pathname]) {
      const [name, type] = files[pathname];
      return send(200, type, await readFile(new URL(`public/${name}`, import.meta.url)));
    }
    if (request.method === 'GET' && pathname === '/settings.json') {
      return send(200, 'application/json', JSON.stringify({ ...settings, user: userOf(request) }));
    }
    if (request.method === 'POST' && isOurs(request, origin) && pathname === '/stepgate/link') {
      const { connector, leaves } = await bodyOf(request);
      const made = await ask('/api/auth-links', {
        user: userOf(request),
        ...(connector === undefined ? {} : { connector }),
        ...(leaves ? { return_to: `${origin}/` } : {}),
      });
      return send(made.status, 'application/json', made.text);
    }
    if (request.method === 'POST' && isOurs(request, origin) && pathname === '/stepgate/token') {
      const made = await ask('/api/user-tokens', { user: userOf(request) });
      return send(made.status, 'application/json', made.text);
    }
    return send(404, 'text/plain', 'There is nothing here.');
  } catch (error) {
    console.error(error);
    return send(502, 'application/json', JSON.stringify({ detail: 'Stepgate was not reached.' }));
  }
});

if (!key) {
  console.error('Set STEPGATE_KEY to the app\'s key, as `stepgate app create` prints it.');
  process.exit(2);
}
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

// A request of the definition as a line for a shell, its templates as they are written: nothing secret can be in it.

import { plain, valueAt } from './reading.ts';

/** The line. */
export function curlOf(request: unknown): string {
  const json = valueAt(request, ['json']);
  const form = valueAt(request, ['form']);
  const text = valueAt(request, ['text']);
  const multipart = valueAt(request, ['multipart']);
  const graphql = valueAt(request, ['graphql']);
  const hasBody = [json, form, multipart, text, graphql].some((body) => body !== undefined);
  const method = plain(valueAt(request, ['method']));
  const written = method === '' ? (hasBody ? 'POST' : 'GET') : method;
  const parts = ['curl', ...(written === (hasBody ? 'POST' : 'GET') ? [] : ['-X', written]), quoted(urlOf(request))];
  const headers = entries(valueAt(request, ['headers']));
  for (const [name, value] of headers) parts.push('-H', quoted(`${name}: ${value}`));
  if (json !== undefined) parts.push('--json', quoted(JSON.stringify(json)));
  if (graphql !== undefined) parts.push('--json', quoted(JSON.stringify(graphql)));
  // Neither reads a file where the value begins with an @, as `--data` and `-F` do.
  if (text !== undefined) {
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) parts.push('-H', quoted('Content-Type: text/plain; charset=utf-8'));
    parts.push('--data-raw', quoted(plain(text)));
  }
  for (const [name, value] of entries(form)) parts.push('--data-urlencode', quoted(`${name}=${value}`));
  for (const [name, value] of entries(multipart)) parts.push('--form-string', quoted(`${name}=${value}`));
  return parts.join(' ');
}

function urlOf(request: unknown): string {
  const url = plain(valueAt(request, ['url']));
  const query = entries(valueAt(request, ['query'])).map(([name, value]) => `${name}=${value}`);
  if (query.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function entries(map: unknown): [string, string][] {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return [];
  return Object.entries(map).flatMap(([name, value]) =>
    // A list stands for its key several times.
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, typeof one === 'object' ? JSON.stringify(one) : plain(one)]),
  );
}

/** In single quotes, in which a shell reads nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

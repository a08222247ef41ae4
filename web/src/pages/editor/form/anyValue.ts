// A value of any shape as a small piece of YAML, in which a template needs no quotes: to YAML it would be a map within a map,
// which nobody means.

import { parse, stringify } from 'yaml';

/** A template that stands alone, where YAML would begin a map. */
const BARE = /(^|[:[,]\s+|^\s*-\s+)(\{\{[^{}"\n]*\}\})(?=\s*(?:$|[,\]}]))/gm;

/** What was typed, as a value; throws where it cannot be read. */
export function readAny(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith('{{') && !trimmed.includes('\n')) return trimmed;
  return parse(text.replace(BARE, (_, before: string, template: string) => before + JSON.stringify(template)));
}

/** A value as it is shown; a text without quotes, where it is read as the same again. */
export function showAny(value: unknown): string {
  if (value === undefined) return '';
  const written = stringify(value, { lineWidth: 0 }).trimEnd();
  if (typeof value !== 'string') return written;
  try {
    return readAny(value) === value ? value : written;
  } catch {
    return written;
  }
}

// A value of any shape as a person types it: templates need no quotes, texts that are plain texts neither.

import { stringify } from 'yaml';
import { read } from './reading.ts';

const BARE = /^(?<before>[ \t]*(?:- +)*(?:[^\s:"'{}[\]#][^:"'{}[\]#]*: +)?)(?<value>\{\{.*)$/;

/** A template that stands alone in a list or map written in one line. */
const WITHIN = /([:[,]\s+)(\{\{[^{}"\n]*\}\})(?=\s*[,\]}])/g;

/** What was typed, as a value; throws where it is no YAML, and says in which line. */
export function looselyRead(text: string): unknown {
  if (/^\s*\{\{[^\n]*$/.test(text) && !text.includes('\n')) return text.trim();
  const { value, fault } = read(quoted(text));
  if (fault) throw new Error(`Line ${fault.line}: ${fault.message}`);
  if (value === undefined) throw new Error('Its aliases unfold without end.');
  return value;
}

/** A value as it is shown for typing. */
export function looselyWritten(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && isPlainText(value)) return value;
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

function isPlainText(text: string): boolean {
  if (text === '' || text.includes('\n')) return false;
  try {
    return looselyRead(text) === text;
  } catch {
    return false;
  }
}

/** With quotes around each template that stands bare as a value; YAML takes its braces for a map. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const { before, value } = BARE.exec(line)?.groups ?? {};
      if (before !== undefined && value !== undefined) return before + JSON.stringify(value.trimEnd());
      return line.replace(WITHIN, (_, start: string, template: string) => start + JSON.stringify(template));
    })
    .join('\n');
}

// Takes values away in the text: whole lines where they stand on their own, a piece of a line in braces.

import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { setValue, type Change } from './edit.ts';
import { chunks, contentEnd, isFlow, lineEnd, lineStart, pairEnd, startOf } from './place.ts';
import type { Path } from './path.ts';
import { nodeAt, type Reading } from './reading.ts';

/** Takes away what stands at a path, and maps and lists that are empty without it. */
export function remove(reading: Reading, path: Path): Change[] {
  const above = path.slice(0, -1);
  const parent = above.length === 0 ? reading.document.contents : nodeAt(reading, above);
  const part = path.at(-1);
  if (isMap(parent)) {
    const at = (parent.items as Pair<Node, Node | null>[]).findIndex(
      ({ key }) => isScalar(key) && String(key.value) === String(part),
    );
    if (at < 0) return [];
    if (parent.items.length > 1) return removePair(reading.text, parent, at);
    if (above.length > 0 && typeof above.at(-1) === 'string') return remove(reading, above);
    return setValue(reading, above, {});
  }
  if (isSeq(parent) && typeof part === 'number') {
    if (parent.items.length > 1) return removeItem(reading.text, parent, part);
    // A flow without steps still is one; other lists that are empty say nothing.
    return above.at(-1) === 'steps' ? setValue(reading, above, []) : remove(reading, above);
  }
  return [];
}

function removePair(text: string, map: YAMLMap, at: number): Change[] {
  const pairs = map.items as Pair<Node, Node | null>[];
  const [pair, previous, next] = [pairs[at], pairs[at - 1], pairs[at + 1]];
  if (!pair) return [];
  const start = startOf(pair.key);
  const end = pairEnd(pair, text);
  if (isFlow(map)) {
    if (previous) return [{ from: pairEnd(previous, text), to: end, insert: '' }];
    return [{ from: start, to: next ? startOf(next.key) : end, insert: '' }];
  }
  const line = lineStart(text, start);
  if (text.slice(line, start).trim() === '') return [wholeLines(text, line, end)];
  // Beside a dash: what follows moves up.
  return [{ from: start, to: next ? startOf(next.key) : end, insert: '' }];
}

function removeItem(text: string, list: YAMLSeq, at: number): Change[] {
  const [item, previous, next] = [list.items[at], list.items[at - 1], list.items[at + 1]] as (Node | undefined)[];
  if (!item) return [];
  if (isFlow(list)) {
    if (previous) return [{ from: contentEnd(previous, text), to: contentEnd(item, text), insert: '' }];
    return [{ from: startOf(item), to: next ? startOf(next) : contentEnd(item, text), insert: '' }];
  }
  const all = chunks(list, text);
  const chunk = all[at];
  if (!chunk) return [];
  const isLast = at === list.items.length - 1;
  if (!isLast) return [{ from: chunk.from, to: chunk.to, insert: '' }];
  return [wholeLines(text, chunk.from, contentEnd(item, text))];
}

/** From the start of a line to the end of the one that `end` is in; the blank lines above go along. */
function wholeLines(text: string, line: number, end: number): Change {
  const to = lineEnd(text, end);
  if (to < text.length) return { from: line, to: to + 1, insert: '' };
  return { from: Math.max(0, line - 1), to, insert: '' };
}

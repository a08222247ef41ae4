// Edits of a definition as changes of its text: only the range of what is edited is written anew, so that comments, order
// and unknown keys stay as they are.

import { isCollection, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { chunks, colonEnd, contentEnd, dashOf, isFlow, keyColumn, lineEnd, lineStart, pairEnd, startOf } from './place.ts';
import type { Path } from './path.ts';
import { nodeAt, pairOf, type Reading } from './reading.ts';
import { renderDocument, renderFlow, renderItem, renderKey, renderPair, renderScalar } from './render.ts';

/** A range of the text, and what stands there from now on. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** In which order the keys of the map at a path are written; those that it does not name stand last. */
export type KeyOrder = (path: Path) => readonly string[];

/** The text after a change. */
export function apply(text: string, changes: readonly Change[]): string {
  return [...changes]
    .sort((one, other) => other.from - one.from)
    .reduce((result, { from, to, insert }) => result.slice(0, from) + insert + result.slice(to), text);
}

/** Sets the value at a path, which need not be there yet. */
export function setValue(reading: Reading, path: Path, value: unknown, order: KeyOrder = () => []): Change[] {
  const { text, document } = reading;
  if (path.length === 0 || document.contents === null) {
    const whole = path.length === 0 ? value : nested(path, value);
    const kept = document.contents === null && text.trim() !== '' ? `${text.trimEnd()}\n` : '';
    return [{ from: 0, to: text.length, insert: kept + renderDocument(whole) }];
  }
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : nodeAt(reading, path.slice(0, depth - 1));
    const part = path[depth - 1] ?? '';
    const inner = nested(path.slice(depth), value);
    if (isMap(parent)) {
      const pair = pairOf(parent, String(part));
      const at = path.slice(0, depth - 1);
      if (pair) return replacePair(reading, parent, pair, at, inner);
      return insertPair(reading, parent, at, String(part), inner, order(at));
    }
    if (isSeq(parent)) {
      const index = Number(part);
      if (index < parent.items.length) return replaceItem(reading, parent, path.slice(0, depth - 1), index, inner);
      return insertItem(reading, path.slice(0, depth - 1), parent.items.length, inner);
    }
  }
  return [{ from: 0, to: text.length, insert: renderDocument(nested(path, value)) }];
}

/** Puts an item into the list at a path, which need not be there yet. */
export function insertItem(reading: Reading, path: Path, index: number, value: unknown, order?: KeyOrder): Change[] {
  const list = nodeAt(reading, path);
  if (!isSeq(list) || list.items.length === 0) return setValue(reading, path, [value], order);
  const { text } = reading;
  if (isFlow(list)) {
    const rendered = renderFlow(value);
    const before = list.items[index - 1] as Node | undefined;
    if (!before) {
      const first = startOf(list.items[0] as Node);
      return [{ from: first, to: first, insert: `${rendered}, ` }];
    }
    const end = contentEnd(before, text);
    return [{ from: end, to: end, insert: `, ${rendered}` }];
  }
  const column = dashOf(list, 0) - lineStart(text, dashOf(list, 0));
  return insertText(reading, list, index, renderItem(value, column));
}

/** Puts written items, whose dashes stand at the list's column, into a block list. */
export function insertText(reading: Reading, list: YAMLSeq, index: number, items: string): Change[] {
  const { text } = reading;
  const all = chunks(list, text);
  const column = ' '.repeat(dashOf(list, 0) - lineStart(text, dashOf(list, 0)));
  const chunk = all[index];
  const isSpaced = all.length > 1 && /\n[ \t]*\n/.test(text.slice(all[0]?.from ?? 0, all[1]?.itemStart ?? 0));
  const gap = isSpaced ? '\n' : '';
  if (chunk && index === 0 && dashOf(list, 0) - column.length !== lineStart(text, dashOf(list, 0))) return [];
  if (chunk) return [{ from: chunk.from, to: chunk.from, insert: `${column}${items}\n${gap}` }];
  const last = list.items.at(-1) as Node;
  const end = lineEnd(text, contentEnd(last, text));
  return [{ from: end, to: end, insert: `\n${gap}${column}${items}` }];
}

/** Moves an item of a list, with the comments above it. */
export function moveItem(reading: Reading, path: Path, from: number, to: number): Change[] {
  const list = nodeAt(reading, path);
  if (!isSeq(list) || from === to || !list.items[from] || !list.items[to]) return [];
  const { text } = reading;
  const order = list.items.map((_, at) => at);
  order.splice(to, 0, ...order.splice(from, 1));
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (isFlow(list)) {
    const source = (at: number) => {
      const item = list.items[at] as Node;
      return text.slice(startOf(item), contentEnd(item, text));
    };
    return order.slice(low, high + 1).map((origin, at) => {
      const place = list.items[low + at] as Node;
      return { from: startOf(place), to: contentEnd(place, text), insert: source(origin) };
    });
  }
  const all = chunks(list, text);
  const [first, last] = [all[low], all[high]];
  if (!first || !last) return [];
  const written = order.slice(low, high + 1).map((origin) => {
    const chunk = all[origin];
    return chunk ? text.slice(chunk.from, chunk.to).replace(/\n*$/, '') : '';
  });
  const between = Array.from({ length: high - low }, (_, at) => {
    const chunk = all[low + at];
    return chunk ? (/\n*$/.exec(text.slice(chunk.from, chunk.to))?.[0] ?? '\n') : '\n';
  });
  const end = first.from + (text.slice(first.from, last.to).replace(/\n*$/, '').length);
  const insert = written.map((chunk, at) => chunk + (between[at] ?? '')).join('');
  return [{ from: first.from, to: end, insert }];
}

/** Gives a key of a map another name. */
export function renameKey(reading: Reading, path: Path, name: string): Change[] {
  const above = path.slice(0, -1);
  const parent = above.length === 0 ? reading.document.contents : nodeAt(reading, above);
  const pair = pairOf(parent, String(path.at(-1)));
  if (!pair?.key.range) return [];
  const [from, to] = pair.key.range;
  return [{ from, to, insert: renderKey(name) }];
}

function nested(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, part) => (typeof part === 'number' ? [inner] : { [part]: inner }),
    value,
  );
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function replacePair(
  reading: Reading,
  map: YAMLMap,
  pair: Pair<Node, Node | null>,
  above: Path,
  value: unknown,
): Change[] {
  const { text } = reading;
  const colon = colonEnd(pair, text);
  const { value: node } = pair;
  const isThere = node?.range && node.range[1] > node.range[0];
  const end = isThere ? contentEnd(node, text) : colon;
  if (isFlow(map) || inFlow(reading, above)) {
    const rendered = renderFlow(value);
    return isThere
      ? [{ from: startOf(node), to: end, insert: rendered }]
      : [{ from: colon, to: colon, insert: ` ${rendered}` }];
  }
  if (isThere && isScalar(node) && isPlain(value) && !String(value).includes('\n') && !isBlockScalar(text, node)) {
    return [{ from: startOf(node), to: end, insert: renderScalar(value, node) }];
  }
  if (isThere && isCollection(node) && isFlow(node) && node.items.length > 0 && !isPlain(value)) {
    const rendered = renderFlow(value);
    if (rendered.length < 100) return [{ from: startOf(node), to: end, insert: rendered }];
  }
  const rendered = renderPair('k', value, keyColumn(map, text));
  return [{ from: colon, to: end, insert: rendered.slice(2) }];
}

function replaceItem(reading: Reading, list: YAMLSeq, above: Path, index: number, value: unknown): Change[] {
  const { text } = reading;
  const node = list.items[index] as Node | null;
  const isThere = node?.range && node.range[1] > node.range[0];
  if (isFlow(list) || inFlow(reading, above)) {
    if (!isThere) return [];
    return [{ from: startOf(node), to: contentEnd(node, text), insert: renderFlow(value) }];
  }
  const dash = dashOf(list, index);
  const column = dash - lineStart(text, dash);
  const from = isThere ? startOf(node) : dash + 1;
  const to = isThere ? contentEnd(node, text) : dash + 1;
  if (isThere && isScalar(node) && isPlain(value) && !String(value).includes('\n') && !isBlockScalar(text, node)) {
    return [{ from, to, insert: renderScalar(value, node) }];
  }
  if (isThere && isCollection(node) && isFlow(node) && node.items.length > 0 && !isPlain(value)) {
    return [{ from, to, insert: renderFlow(value) }];
  }
  const rendered = renderItem(value, column).slice(2);
  return [{ from, to, insert: isThere ? rendered : ` ${rendered}` }];
}

function insertPair(
  reading: Reading,
  map: YAMLMap,
  above: Path,
  key: string,
  value: unknown,
  order: readonly string[],
): Change[] {
  const { text } = reading;
  const pairs = map.items as Pair<Node, Node | null>[];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  let before = -1;
  pairs.forEach((pair, at) => {
    if (isScalar(pair.key) && rank(String(pair.key.value)) <= rank(key)) before = at;
  });
  const previous = pairs[before];
  const flows = isFlow(map) || inFlow(reading, above);
  if (pairs.length === 0) {
    if (above.length === 0) return [{ from: 0, to: text.length, insert: renderDocument({ [key]: value }) }];
    if (!inFlow(reading, above.slice(0, -1))) return setValue(reading, above, { [key]: value });
    return [{ from: startOf(map), to: contentEnd(map, text), insert: `{ ${renderKey(key)}: ${renderFlow(value)} }` }];
  }
  if (flows) {
    const rendered = `${renderKey(key)}: ${renderFlow(value)}`;
    if (previous) {
      const end = pairEnd(previous, text);
      return [{ from: end, to: end, insert: `, ${rendered}` }];
    }
    const start = startOf(pairs[0]?.key ?? map);
    return [{ from: start, to: start, insert: `${rendered}, ` }];
  }
  const column = keyColumn(map, text);
  const rendered = renderPair(key, value, column);
  const isSection = above.length === 0 && !isPlain(value);
  if (!previous) {
    const start = startOf(pairs[0]?.key ?? map);
    return [{ from: start, to: start, insert: `${rendered}\n${' '.repeat(column)}` }];
  }
  const end = lineEnd(text, pairEnd(previous, text));
  return [{ from: end, to: end, insert: `\n${isSection ? '\n' : ''}${' '.repeat(column)}${rendered}` }];
}

function isBlockScalar(text: string, node: Node): boolean {
  return text[startOf(node)] === '|' || text[startOf(node)] === '>';
}

function inFlow(reading: Reading, path: Path): boolean {
  return path.some((_, at) => {
    const node = nodeAt(reading, path.slice(0, at + 1));
    return isCollection(node) && isFlow(node);
  });
}

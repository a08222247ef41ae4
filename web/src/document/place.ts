// Where the pieces of a text begin and end: lines, keys, items, and the comments that belong to an item.

import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** A block list's item with the comments above it and the blank lines after it. */
export interface Chunk {
  from: number;
  to: number;
  /** Where its own line begins. */
  itemStart: number;
}

/** Where the line begins that an offset is in. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line ends that an offset is in, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** Where a node begins. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Whether a collection is written on one line, in brackets. */
export function isFlow(node: YAMLMap | YAMLSeq | Node): boolean {
  return (node as { flow?: boolean }).flow === true;
}

/** Where what a node says ends, without comments and blank lines after it. */
export function contentEnd(node: Node, text: string): number {
  if (!isFlow(node)) {
    if (isMap(node) && node.items.length > 0) {
      const last = node.items.at(-1) as Pair<Node, Node | null>;
      const { value } = last;
      if (value?.range && value.range[1] > value.range[0]) return contentEnd(value, text);
      return colonEnd(last, text);
    }
    if (isSeq(node) && node.items.length > 0) {
      const last = node.items.at(-1) as Node | null;
      if (last?.range && last.range[1] > last.range[0]) return contentEnd(last, text);
      return dashOf(node, node.items.length - 1) + 1;
    }
  }
  const [start, end] = node.range ?? [0, 0];
  return start + text.slice(start, end).trimEnd().length;
}

/** Just behind the colon of a pair. */
export function colonEnd(pair: Pair<Node, Node | null>, text: string): number {
  const source = pair.srcToken;
  const colon = source && 'sep' in source ? source.sep?.find(({ type }) => type === 'map-value-ind') : undefined;
  if (colon) return colon.offset + 1;
  const keyEnd = pair.key.range?.[1] ?? 0;
  return text[keyEnd] === ':' ? keyEnd + 1 : keyEnd;
}

/** Where a pair ends: its value, or its colon where it has none. */
export function pairEnd(pair: Pair<Node, Node | null>, text: string): number {
  const { value } = pair;
  if (value?.range && value.range[1] > value.range[0]) return contentEnd(value, text);
  return colonEnd(pair, text);
}

/** Where the dash of a block list's item stands. */
export function dashOf(list: YAMLSeq, index: number): number {
  const source = list.srcToken;
  const item = source && 'items' in source ? source.items[index] : undefined;
  const dash = item?.start.find(({ type }) => type === 'seq-item-ind');
  return dash?.offset ?? startOf(list);
}

/** The column of a block map's keys. */
export function keyColumn(map: YAMLMap, text: string): number {
  const [first] = map.items as Pair<Node, Node | null>[];
  const start = first ? startOf(first.key) : startOf(map);
  return start - lineStart(text, start);
}

/** A block list in pieces that can change places. */
export function chunks(list: YAMLSeq, text: string): Chunk[] {
  const starts = list.items.map((_, at) => {
    const own = lineStart(text, dashOf(list, at));
    const previous = list.items[at - 1] as Node | undefined;
    const least = previous ? lineEnd(text, contentEnd(previous, text)) + 1 : 0;
    return { own, from: withComments(text, own, least, dashOf(list, at) - own) };
  });
  return starts.map(({ own, from }, at) => {
    const next = starts[at + 1];
    const end = lineEnd(text, contentEnd(list.items[at] as Node, text));
    return { from, itemStart: own, to: next ? next.from : Math.min(text.length, end + 1) };
  });
}

/** Up over the comments right above a line that stand in its column, as far as `least`. */
function withComments(text: string, line: number, least: number, column: number): number {
  let from = line;
  while (from > least) {
    const above = lineStart(text, from - 1);
    if (above < least || text.slice(above, from).search(/\S/) !== column || text[above + column] !== '#') break;
    from = above;
  }
  return from;
}

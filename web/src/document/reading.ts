// A definition's text as it was read: its values, where each of them stands, and what keeps it from being read.

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { Path } from './path.ts';

/** Why a text cannot be read. */
export interface Fault {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

/** A text and what stands in it. */
export interface Reading {
  text: string;
  document: Document.Parsed;
  lines: LineCounter;
  /** Its values, as JSON has them; undefined where it cannot be read. */
  value: unknown;
  fault: Fault | null;
}

/** Reads a text. */
export function read(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { keepSourceTokens: true, lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { text, document, lines, value: undefined, fault: { line, column: col, message: error.message } };
  }
  return { text, document, lines, value: valueOf(document), fault: null };
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch {
    // Aliases that unfold without end; the server's checker says so.
    return undefined;
  }
}

/** The node at a path, where there is one. */
export function nodeAt(reading: Reading, path: Path): Node | null {
  const node: unknown = reading.document.getIn(path, true);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
}

/** The pair of a map that has this key. */
export function pairOf(map: Node | null, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap(map)) return undefined;
  const pairs = map.items as Pair<Node, Node | null>[];
  return pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The value at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return (inner as Record<string | number, unknown>)[part];
  }, value);
}

/** A plain value as text; nothing where it is absent, null, or no plain value. */
export function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The innermost path that an offset of the text is in. */
export function pathAt(reading: Reading, offset: number): Path {
  const path: (string | number)[] = [];
  let node: Node | null = reading.document.contents;
  for (;;) {
    let next: Node | null = null;
    if (isMap(node)) {
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        const start = pair.key.range?.[0] ?? 0;
        const end = Math.max(pair.value?.range?.[2] ?? 0, pair.key.range?.[2] ?? 0);
        if (start <= offset && offset <= end && isScalar(pair.key)) {
          path.push(String(pair.key.value));
          next = pair.value;
          break;
        }
      }
    } else if (isSeq(node)) {
      const items = node.items as (Node | null)[];
      const at = items.findIndex((item) => item?.range && item.range[0] <= offset && offset <= item.range[2]);
      if (at >= 0) {
        path.push(at);
        next = items[at] ?? null;
      }
    }
    if (!next) return path;
    node = next;
  }
}

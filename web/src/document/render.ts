// Values as YAML in the house's style: blocks, and small maps of plain values on one line.

import { Document, isMap, isPair, isScalar, isSeq, Scalar, visit, type Node } from 'yaml';

/** Maps that always fit a line and read best on it: conditions, extractions, places of a request. */
const ON_ONE_LINE = new Set([
  'value equals not_equals in matches exists less_than greater_than else',
  'css attribute json regex header cookie all',
  'in name value',
]);

const ONE_LINE_KEYS = [...ON_ONE_LINE].map((keys) => new Set(keys.split(' ')));

const OPTIONS = { lineWidth: 0, flowCollectionPadding: true } as const;

/** A pair of a block map: its key, and its value below or beside it; lines after the first begin with `indent`. */
export function renderPair(key: string, value: unknown, indent: number): string {
  return indented(write({ [key]: value }), indent);
}

/** An item of a block list, with its dash. */
export function renderItem(value: unknown, indent: number): string {
  return indented(write([value]), indent);
}

/** A value inside a collection that is written on one line. */
export function renderFlow(value: unknown): string {
  const document = new Document([value]);
  visit(document, {
    Collection: (_, node) => {
      node.flow = true;
    },
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && node.value.includes('\n')) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString(OPTIONS).trimEnd();
  // What no line holds comes with brackets of their own lines.
  const inner = text.slice(1, -1).trim();
  return inner.includes('\n') ? JSON.stringify(value) : inner;
}

/** A scalar in a block, quoted as the one before it was. */
export function renderScalar(value: unknown, before: Scalar | null): string {
  const document = new Document([value]);
  const scalar: unknown = document.getIn([0], true);
  if (isScalar(scalar) && typeof scalar.value === 'string') {
    const { type } = before ?? {};
    if (type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE) scalar.type = type;
  }
  return document.toString(OPTIONS).trimEnd().slice(2);
}

/** A key, quoted where it has to be. */
export function renderKey(key: string): string {
  return renderFlow(key);
}

/** A whole document. */
export function renderDocument(value: unknown): string {
  return `${write(value)}\n`;
}

function write(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Map: (_, node, parents) => {
      const parent = parents.at(-1);
      const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
      const isPlain = node.items.every((pair) => isPair(pair) && isShort(pair.value as Node | null));
      const isKnown = ONE_LINE_KEYS.some((known) => keys.every((key) => known.has(key)));
      const isNamed = keys.includes('id') || (keys.includes('name') && !keys.includes('in'));
      if (keys.length > 0 && isPlain && (isKnown || (isSeq(parent) && !isNamed))) node.flow = true;
    },
    Seq: (_, node, parents) => {
      // The outermost list is there for its dashes.
      if (parents.length > 1 && node.items.length > 0 && node.items.every((item) => isScalar(item) && isShort(item))) node.flow = true;
    },
  });
  return document.toString(OPTIONS).trimEnd();
}

function isShort(node: Node | null): boolean {
  if (isSeq(node)) return node.items.every((item) => isScalar(item) && isShort(item));
  if (isMap(node)) return false;
  if (!isScalar(node)) return node === null;
  const text = String(node.value);
  return text.length < 60 && !text.includes('\n');
}

function indented(text: string, indent: number): string {
  return text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(indent)}`);
}


// The `{{..}}` in a definition's texts: where each stands, and which step it reads.

import { isScalar, type Node } from 'yaml';
import type { Change } from './edit.ts';
import { startOf } from './place.ts';
import { isWithin, type Path } from './path.ts';
import type { Reading } from './reading.ts';

const TEMPLATE = /\{\{(?<before>\s*)(?<root>[A-Za-z_]\w*)/g;

/** The name that a template begins with, and where it stands in the text. */
export interface Mention {
  root: string;
  from: number;
  to: number;
  path: Path;
}

/** Every name that a template of the definition begins with. */
export function mentions(reading: Reading): Mention[] {
  const found: Mention[] = [];
  scalars(reading, (node, path) => {
    // What a script holds is no template.
    if (path.at(-1) === 'code') return;
    const start = startOf(node);
    const source = reading.text.slice(start, node.range?.[1] ?? start);
    for (const match of source.matchAll(TEMPLATE)) {
      const { before = '', root = '' } = match.groups ?? {};
      const from = start + match.index + 2 + before.length;
      found.push({ root, from, to: from + root.length, path });
    }
  });
  return found;
}

/** Every place, besides templates, that names a step by its id. */
export function pointers(reading: Reading): Mention[] {
  const found: Mention[] = [];
  scalars(reading, (node, path, isKey) => {
    const [key, above, further] = [path.at(-1), path.at(-2), path.at(-3)];
    const from = startOf(node);
    const isQuoted = /["']/.test(reading.text[from] ?? '');
    const start = from + (isQuoted ? 1 : 0);
    if (isKey && above === 'update_variables') {
      const root = /^[A-Za-z_]\w*/.exec(String(key))?.[0] ?? '';
      found.push({ root, from: start, to: start + root.length, path });
    } else if (!isKey && typeof node.value === 'string') {
      const isStepKey = (key === 'resend' || key === 'of') && further === 'steps';
      if (isStepKey || (key === 'back_to' && above === 'on_fail')) {
        found.push({ root: node.value, from: start, to: start + node.value.length, path });
      }
    }
  });
  return found;
}

/** The changes that let everything that reads a step of this flow go on reading it under another id. */
export function renameMentions(reading: Reading, flow: Path, before: string, after: string): Change[] {
  const isShadowed = (path: Path) => {
    const [top = ''] = path;
    return top !== flow[0] && stepIds(reading.value, [top, 'steps']).includes(before);
  };
  const reads = ({ root, path }: Mention) => {
    if (root !== before) return false;
    // Only what the auth flow leaves behind is read elsewhere.
    return flow[0] === 'auth_flow' ? !isShadowed(path) : isWithin(path, flow.slice(0, 1));
  };
  const isOwnPointer = ({ path, root }: Mention) => {
    if (root !== before) return false;
    if (path.at(-2) === 'update_variables') return flow[0] === 'auth_flow';
    return path.at(-1) === 'of' && flow[0] === 'auth_flow' ? !isShadowed(path) : isWithin(path, flow.slice(0, 1));
  };
  return [...mentions(reading).filter(reads), ...pointers(reading).filter(isOwnPointer)].map(({ from, to }) => ({
    from,
    to,
    insert: after,
  }));
}

/** The ids of the steps of the list at a path. */
export function stepIds(value: unknown, path: Path): string[] {
  const steps = path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[part] : undefined),
    value,
  );
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    const id = typeof step === 'object' && step !== null ? (step as { id?: unknown }).id : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}

interface ScalarNode {
  value: unknown;
  range?: Node['range'];
}

function scalars(
  reading: Reading,
  take: (node: ScalarNode & Node, path: Path, isKey: boolean) => void,
): void {
  const path: (string | number)[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const inner = node as { items?: unknown[] };
    if (isScalar(node)) {
      take(node, [...path], false);
      return;
    }
    inner.items?.forEach((item, at) => {
      if (typeof item === 'object' && item !== null && 'key' in item) {
        const { key, value } = item as { key: unknown; value?: unknown };
        path.push(isScalar(key) ? String(key.value) : '');
        if (isScalar(key)) take(key, [...path], true);
        walk(value);
        path.pop();
      } else {
        path.push(at);
        walk(item);
        path.pop();
      }
    });
  };
  walk(reading.document.contents);
}


// What is done to whole steps: added, renamed with everything that reads them, moved, copied and pasted as YAML.

import { isSeq } from 'yaml';
import { apply, insertItem, insertText, type Change, type KeyOrder } from './edit.ts';
import { needsPerson, type Kind } from './kinds.ts';
import type { Path } from './path.ts';
import { chunks, dashOf, isFlow, lineStart } from './place.ts';
import { nodeAt, read, valueAt, type Reading } from './reading.ts';
import { renderDocument } from './render.ts';
import { renameMentions, stepIds } from './template.ts';

/** Flows, by the path of their steps, that run while nobody sits before them. */
const WITHOUT_PERSON = new Set(['refresh_flow', 'logout_flow']);

/** What a paste did, or why it did nothing. */
export type Pasted = { changes: Change[]; renamed: [string, string][] } | { refused: string };

/** A new step of a kind, at a place of the list. */
export function addStep(reading: Reading, list: Path, index: number, kind: Kind, order?: KeyOrder): Change[] {
  const id = freeId(kind.id, taken(reading, list));
  return insertItem(reading, list, index, { id, kind: kind.name, ...kind.begin }, order);
}

/** Another id for a step; whatever reads the step reads it on. */
export function renameStep(reading: Reading, list: Path, index: number, id: string): Change[] {
  const node = nodeAt(reading, [...list, index, 'id']);
  const before = valueAt(reading.value, [...list, index, 'id']);
  if (!node?.range || typeof before !== 'string' || before === id) return [];
  const [from, to] = node.range;
  return [{ from, to, insert: id }, ...renameMentions(reading, list, before, id)];
}

/** The same step once more, behind it, under an id that is free. */
export function duplicateStep(reading: Reading, list: Path, index: number): Pasted {
  return pasteSteps(reading, list, index + 1, copySteps(reading, list, [index]));
}

/** Steps as YAML, with their comments, as a list that can stand alone. */
export function copySteps(reading: Reading, list: Path, indices: readonly number[]): string {
  const node = nodeAt(reading, list);
  if (!isSeq(node)) return '';
  if (isFlow(node)) {
    return renderDocument(indices.map((index) => valueAt(reading.value, [...list, index])));
  }
  const all = chunks(node, reading.text);
  const column = dashOf(node, 0) - lineStart(reading.text, dashOf(node, 0));
  return indices
    .map((index) => {
      const chunk = all[index];
      const text = chunk ? reading.text.slice(chunk.from, chunk.to).trimEnd() : '';
      return `${shifted(text, -column)}\n`;
    })
    .join('\n');
}

/** Puts copied steps into a list; ids that are taken get another, and what reads them within the copy reads that. */
export function pasteSteps(reading: Reading, list: Path, index: number, clip: string): Pasted {
  const copied = stepsOf(clip);
  if ('refused' in copied) return copied;
  let inner = copied.reading;
  const steps = inner.value as Record<string, unknown>[];
  const flow = String(list[0]);
  if (WITHOUT_PERSON.has(flow)) {
    const wrong = steps.flatMap((step) => {
      const why = needsPerson(step);
      return why === null ? [] : [`\`${String(step.id)}\` is of kind ${String(step.kind)}: ${why}`];
    });
    if (wrong.length > 0) {
      const name = flow === 'refresh_flow' ? 'refresh flow' : 'logout flow';
      return { refused: `Nobody is there to answer in a ${name}. ${wrong.join('. ')}.` };
    }
  }
  const ids = taken(reading, list);
  const renamed: [string, string][] = [];
  steps.forEach((step, at) => {
    const id = String(step.id);
    if (ids.has(id)) {
      const own = new Set([...ids, ...stepIds(inner.value, [])]);
      const free = freeId(id.replace(/\d+$/, ''), own);
      renamed.push([id, free]);
      inner = read(apply(inner.text, renameStep(inner, [], at, free)));
      ids.add(free);
    } else {
      ids.add(id);
    }
  });
  return { changes: inserted(reading, list, index, inner), renamed };
}

/** The steps that a text holds: a list, a flow, or one step. */
export function stepsOf(text: string): { reading: Reading } | { refused: string } {
  const whole = read(text);
  if (whole.fault) return { refused: `This is no YAML: line ${whole.fault.line}: ${whole.fault.message}` };
  const { value } = whole;
  const list = Array.isArray(value) ? value : (value as { steps?: unknown } | null)?.steps;
  const steps: unknown[] = Array.isArray(list) ? list : [value];
  const isStep = (step: unknown) =>
    typeof step === 'object' && step !== null && 'kind' in step && 'id' in step && typeof step.id === 'string';
  if (steps.length === 0 || !steps.every(isStep)) {
    return { refused: 'This holds no steps: each has at least `id` and `kind`.' };
  }
  if (Array.isArray(value) && isSeq(whole.document.contents) && !isFlow(whole.document.contents)) {
    return { reading: whole };
  }
  return { reading: read(renderDocument(steps)) };
}

function inserted(reading: Reading, list: Path, index: number, steps: Reading): Change[] {
  const node = nodeAt(reading, list);
  const values = steps.value as unknown[];
  if (isSeq(node) && node.items.length > 0 && !isFlow(node)) {
    const column = dashOf(node, 0) - lineStart(reading.text, dashOf(node, 0));
    const text = shifted(steps.text.trimEnd(), column).trimStart();
    return insertText(reading, node, index, text);
  }
  if (isSeq(node) && node.items.length > 0) {
    return values.flatMap((value) => insertItem(reading, list, index, value));
  }
  const [first, ...others] = values;
  const begun = insertItem(reading, list, 0, first);
  if (others.length === 0) return begun;
  const text = values.reduce<string>((current, value, at) => {
    const so = read(current);
    return apply(current, insertItem(so, list, at, value));
  }, reading.text);
  return [{ from: 0, to: reading.text.length, insert: text }];
}

/** Ids that a step of this list cannot have. */
function taken(reading: Reading, list: Path): Set<string> {
  const flows = ['auth_flow', 'refresh_flow', 'step_up', 'logout_flow'];
  const own = stepIds(reading.value, list);
  return new Set([...own, ...flows.flatMap((flow) => stepIds(reading.value, [flow, 'steps']))]);
}

function freeId(base: string, ids: ReadonlySet<string>): string {
  if (base !== 'form' && base !== 'request' && base !== '' && !ids.has(base)) return base;
  for (let number = base === 'form' || base === 'request' ? 1 : 2; ; number++) {
    const id = `${base === '' ? 'step' : base}${number}`;
    if (!ids.has(id)) return id;
  }
}

function shifted(text: string, by: number): string {
  const lines = text.split('\n');
  if (by >= 0) return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line)).join('\n');
  return lines.map((line) => (line.slice(0, -by).trim() === '' ? line.slice(-by) : line)).join('\n');
}


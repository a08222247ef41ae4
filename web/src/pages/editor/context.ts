// What every part of the editor works with: the document, its schema, its problems, and how it is changed.

import type { StateEffect } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { DefinitionProblem } from '../../api/problem.ts';
import { setValue, type Change, type KeyOrder } from '../../document/edit.ts';
import { isWithin, parsePath, type Path } from '../../document/path.ts';
import { nodeAt, valueAt, type Reading } from '../../document/reading.ts';
import { remove } from '../../document/removal.ts';
import type { Definitions } from '../../document/schema.ts';
import type { Caret } from './caret.ts';
import type { LastTest } from './scope/lastTest.ts';
import type { EditorStore, Snapshot } from './store.ts';
import { mark } from './yaml/marked.ts';

/** The editor. */
export interface Editor {
  store: EditorStore;
  definitions: Definitions;
  problems: readonly DefinitionProblem[];
  /** Whether nothing may be changed: it comes from a file. */
  isFixed: boolean;
  /** Where the caret was last, in form or text. */
  caret: Caret;
  /** What the tests have shown so far. */
  lastTest: LastTest;
  /** Shows an output in the test that left it. */
  showOutput: (path: string) => void;
}

/** The editor that a part is in. */
export const EditorContext = createContext<Editor | null>(null);

/** What the form's parts do. */
export interface Form extends Editor {
  reading: Reading;
  value: unknown;
  /** Whether the form only shows: the text cannot be read, or nothing may be changed. */
  readOnly: boolean;
  order: KeyOrder;
  at: (path: Path) => unknown;
  set: (path: Path, value: unknown) => void;
  remove: (path: Path) => void;
  change: (changes: readonly Change[]) => void;
  /** Marks what belongs to a path in the text. */
  mark: (path: Path) => void;
  /** The problems of a value itself. */
  problemsOf: (path: Path) => DefinitionProblem[];
  /** How many problems are in a value or below. */
  countWithin: (path: Path) => number;
}

/** The editor. */
export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('a part of the editor is outside of it');
  return editor;
}

/** The document as it is now. */
export function useSnapshot(store: EditorStore): Snapshot {
  return useSyncExternalStore(store.subscribe, store.current);
}

/** The form. */
export function useForm(): Form {
  const editor = useEditor();
  const { reading, fault } = useSnapshot(editor.store);
  return useMemo(() => formOf(editor, reading, fault !== null), [editor, reading, fault]);
}

function formOf(editor: Editor, reading: Reading, isBroken: boolean): Form {
  const { store, definitions, problems, isFixed } = editor;
  const order = definitions.order(reading.value);
  const paths = problems.map(({ path }) => parsePath(path));
  return {
    ...editor,
    reading,
    value: reading.value,
    readOnly: isBroken || isFixed,
    order,
    at: (path) => valueAt(reading.value, path),
    set: (path, value) => store.change(setValue(reading, path, value, order)),
    remove: (path) => store.change(remove(reading, path)),
    change: (changes) => store.change(changes),
    mark(path) {
      const range = nodeAt(reading, path)?.range;
      const effects: StateEffect<unknown>[] = [mark.of(range ? { from: range[0], to: range[1] } : null)];
      const view = store.shown();
      if (range && view && !view.hasFocus) effects.push(EditorView.scrollIntoView(range[0], { y: 'nearest', yMargin: 60 }));
      store.dispatch({ effects });
    },
    problemsOf: (path) => problems.filter((_, at) => isSame(paths[at] ?? [], path)),
    countWithin: (path) => paths.filter((one) => isWithin(one, path)).length,
  };
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && isWithin(one, other);
}

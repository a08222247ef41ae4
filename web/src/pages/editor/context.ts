// What every part of the editor works with: the document, its schema, its problems, and how it is changed.

import type { StateEffect } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { createContext, useContext, useMemo, useState, useSyncExternalStore } from 'react';
import type { DefinitionProblem } from '../../api/problem.ts';
import { setValue, type Change, type KeyOrder } from '../../document/edit.ts';
import { isWithin, parsePath, type Path } from '../../document/path.ts';
import { nodeAt, valueAt, type Reading } from '../../document/reading.ts';
import { remove } from '../../document/removal.ts';
import type { Definitions } from '../../document/schema.ts';
import type { Caret } from './caret.ts';
import { Reads } from './reads.ts';
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
  /** As it is when it is asked for; for changes, not for what is shown. */
  readonly reading: Reading;
  readonly value: unknown;
  /** Whether the form only shows: the text cannot be read, or nothing may be changed. */
  readonly readOnly: boolean;
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

/** The form. Whoever uses it is shown anew only when something has changed that it has read. */
export function useForm(): Form {
  const editor = useEditor();
  const [reads] = useState(() => new Reads());
  useSyncExternalStore(editor.store.subscribe, () => reads.version(editor.store.current()));
  return useMemo(() => formOf(editor, reads), [editor, reads]);
}

function formOf(editor: Editor, reads: Reads): Form {
  const { store, definitions, problems, isFixed } = editor;
  const paths = problems.map(({ path }) => parsePath(path));
  const order: KeyOrder = (path) => definitions.order(store.current().reading.value)(path);
  const at = (path: Path) =>
    reads.read(`at ${path.join('\0')}`, store.current(), ({ reading }) => valueAt(reading.value, path));
  return {
    ...editor,
    get reading() {
      return store.current().reading;
    },
    get value() {
      return at([]);
    },
    get readOnly() {
      return reads.read('read only', store.current(), ({ fault }) => fault !== null) || isFixed;
    },
    order,
    at,
    set: (path, value) => store.change(setValue(store.current().reading, path, value, order)),
    remove: (path) => store.change(remove(store.current().reading, path)),
    change: (changes) => store.change(changes),
    mark(path) {
      const range = nodeAt(store.current().reading, path)?.range;
      const effects: StateEffect<unknown>[] = [mark.of(range ? { from: range[0], to: range[1] } : null)];
      const view = store.shown();
      if (range && view && !view.hasFocus) effects.push(EditorView.scrollIntoView(range[0], { y: 'nearest', yMargin: 60 }));
      store.dispatch({ effects });
    },
    problemsOf: (path) => problems.filter((_, index) => isSame(paths[index] ?? [], path)),
    countWithin: (path) => paths.filter((one) => isWithin(one, path)).length,
  };
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && isWithin(one, other);
}

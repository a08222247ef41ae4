// The one document of the editor: its text, its undo history, and what was last read from it; form and YAML both edit this.

import { redo, undo } from '@codemirror/commands';
import { EditorState, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Change } from '../../document/edit.ts';
import type { Path } from '../../document/path.ts';
import { pathAt, read, type Fault, type Reading } from '../../document/reading.ts';
import { shared } from '../../document/shared.ts';
import type { LastTest } from './scope/lastTest.ts';
import { extensions } from './yaml/extensions.ts';

/** How long typing rests before the form follows, in milliseconds. */
const REST = 200;

/** The document at one moment. */
export interface Snapshot {
  text: string;
  /** The last text that could be read; the newest where there is no fault. */
  reading: Reading;
  fault: Fault | null;
  /** Whether the text is another than the one that was saved last. */
  isChanged: boolean;
  canUndo: boolean;
}

/** The document. */
export class EditorStore {
  private state: EditorState;
  private view: EditorView | null = null;
  private snapshot: Snapshot;
  private saved: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly caretListeners = new Set<(isInText: boolean) => void>();

  constructor(text: string, lastTest: LastTest) {
    const heard = EditorView.updateListener.of((update) => {
      this.state = update.state;
      if (update.docChanged) this.textChanged();
      if (update.focusChanged || (update.view.hasFocus && (update.selectionSet || update.docChanged))) {
        this.caretListeners.forEach((listener) => listener(update.view.hasFocus));
      }
    });
    this.state = EditorState.create({ doc: text, extensions: [extensions(lastTest), heard] });
    const reading = read(text);
    this.saved = text;
    this.snapshot = { text, reading, fault: reading.fault, isChanged: false, canUndo: false };
  }

  /** For React: calls back at each change. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** For React: the document as it is now. */
  readonly current = (): Snapshot => this.snapshot;

  /** Shows the text for editing in an element, until the function it returns is called. */
  show(parent: HTMLElement): () => void {
    const view = new EditorView({ state: this.state, parent });
    this.view = view;
    return () => {
      this.state = view.state;
      view.destroy();
      if (this.view === view) this.view = null;
    };
  }

  /** Calls back when the caret of the text moves, and when the text gets or loses the focus. */
  onCaret(listener: (isInText: boolean) => void): () => void {
    this.caretListeners.add(listener);
    return () => this.caretListeners.delete(listener);
  }

  /** What the caret of the text is in; null while the text cannot be read. */
  caretPath(): Path | null {
    const { reading, fault, text } = this.snapshot;
    return fault === null && reading.text === text ? pathAt(reading, this.state.selection.main.head) : null;
  }

  /** The view, where the text is shown. */
  shown(): EditorView | null {
    return this.view;
  }

  /** An edit of the form: one step of the undo history, read at once. Does nothing while the text cannot be read. */
  change(changes: readonly Change[]): void {
    this.follow();
    if (this.snapshot.fault || changes.length === 0) return;
    this.dispatch({ changes: [...changes], userEvent: 'input.form' });
    this.follow();
  }

  /** Puts another text in the place of this one; can be undone. */
  replace(text: string): void {
    this.dispatch({ changes: { from: 0, to: this.state.doc.length, insert: text } });
    this.follow();
  }

  /** Puts text where the caret of the text is, shown or not. */
  insert(text: string): void {
    this.dispatch({ ...this.state.replaceSelection(text), userEvent: 'input' });
    this.view?.focus();
  }

  /** Whatever CodeMirror does: selections, effects. */
  dispatch(spec: TransactionSpec): void {
    if (this.view) {
      this.view.dispatch(spec);
      return;
    }
    const transaction = this.state.update(spec);
    this.state = transaction.state;
    if (transaction.docChanged) this.textChanged();
  }

  undo(): void {
    undo({ state: this.state, dispatch: (transaction) => this.dispatch(transaction) });
    this.follow();
  }

  redo(): void {
    redo({ state: this.state, dispatch: (transaction) => this.dispatch(transaction) });
    this.follow();
  }

  /** The text as it is now is the one that is saved. */
  markSaved(text: string): void {
    this.saved = text;
    this.publish({ isChanged: this.state.doc.toString() !== text });
  }

  /** Reads the text now, without waiting for a rest in the typing. */
  private follow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.state.doc.toString();
    if (text === this.snapshot.reading.text && this.snapshot.fault === null) return;
    const reading = read(text);
    if (reading.fault) this.publish({ fault: reading.fault });
    else this.publish({ reading: { ...reading, value: shared(this.snapshot.reading.value, reading.value) }, fault: null });
  }

  private textChanged(): void {
    const text = this.state.doc.toString();
    this.publish({ text, isChanged: text !== this.saved, canUndo: true });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), REST);
  }

  private publish(part: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    this.listeners.forEach((listener) => listener());
  }
}

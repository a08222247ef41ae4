// Where the caret was last, in a field of the form or in the text, and how something from elsewhere is put there.

import { setValue, type KeyOrder } from '../../document/edit.ts';
import { parsePath, type Path } from '../../document/path.ts';
import { plain, valueAt } from '../../document/reading.ts';
import type { EditorStore } from './store.ts';

/** A field that text is typed into. */
export type TextField = HTMLInputElement | HTMLTextAreaElement;

interface InField {
  field: TextField;
  path: Path;
  /** Where the selection was when the focus went. */
  from: number;
  to: number;
}

/** The caret. */
export class Caret {
  private place: InField | 'text' | null = null;
  private focused: InField | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: EditorStore,
    private readonly order: (value: unknown) => KeyOrder,
  ) {}

  /** For React: calls back when another field has the focus, or none. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** For React: the field of the form that has the focus. */
  readonly current = (): { field: TextField; path: Path } | null => this.focused;

  /** An element of the form got the focus. */
  enter(element: EventTarget): void {
    const field = textField(element);
    const named = field?.closest<HTMLElement>('[data-path]')?.dataset.path;
    // A name is no place for a template.
    if (!field || named === undefined || field.dataset.key !== undefined) return;
    const path = parsePath(named);
    this.focused = { field, path, from: field.value.length, to: field.value.length };
    this.place = this.focused;
    this.tell();
  }

  /** An element of the form loses it. */
  leave(element: EventTarget): void {
    if (this.focused?.field !== element) return;
    const { field } = this.focused;
    this.focused.from = field.selectionStart ?? field.value.length;
    this.focused.to = field.selectionEnd ?? field.value.length;
    this.focused = null;
    this.tell();
  }

  /** The text got the focus. */
  enterText(): void {
    this.place = 'text';
  }

  /** Puts something where the caret was; whether there was any. */
  insert(text: string): boolean {
    const { place } = this;
    if (place === null) return false;
    if (place === 'text') {
      this.store.insert(text);
      return true;
    }
    const isFocused = this.focused === place;
    const { field, path } = place;
    if (field.isConnected) {
      const from = isFocused ? (field.selectionStart ?? place.from) : place.from;
      const to = isFocused ? (field.selectionEnd ?? place.to) : place.to;
      field.focus();
      typeInto(field, field.value.slice(0, from) + text + field.value.slice(to), from + text.length);
      return true;
    }
    // The form is not shown, as on a phone: its value is changed all the same.
    const { reading } = this.store.current();
    const value = plain(valueAt(reading.value, path));
    const written = value.slice(0, place.from) + text + value.slice(place.to);
    this.store.change(setValue(reading, path, written, this.order(reading.value)));
    place.from += text.length;
    place.to = place.from;
    return true;
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** Gives a field another text, as if it had been typed: whatever listens to the field takes it over. */
export function typeInto(field: TextField, text: string, caret: number): void {
  field.setRangeText(text, 0, field.value.length, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  field.setSelectionRange(caret, caret);
}

function textField(element: EventTarget): TextField | null {
  if (element instanceof HTMLTextAreaElement) return element.readOnly ? null : element;
  if (!(element instanceof HTMLInputElement) || element.readOnly) return null;
  return element.type === 'text' ? element : null;
}

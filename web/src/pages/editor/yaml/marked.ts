// Marks the range of the text that belongs to the form's field that is being edited.

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** Marks a range; null marks nothing. */
export const mark = StateEffect.define<{ from: number; to: number } | null>();

/** The mark. */
export const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let now = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      const range = effect.value;
      now =
        range && range.to > range.from
          ? Decoration.set([Decoration.mark({ class: 'cm-marked' }).range(range.from, range.to)])
          : Decoration.none;
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

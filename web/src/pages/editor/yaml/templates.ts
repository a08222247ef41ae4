// Shows each `{{..}}` of the text in the accent, so that what a run fills in stands out.

import { Decoration, MatchDecorator, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view';

const matcher = new MatchDecorator({
  regexp: /\{\{[^{}]*\}\}/g,
  decoration: Decoration.mark({ class: 'cm-template' }),
});

class Templates {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = matcher.createDeco(view);
  }

  update(update: ViewUpdate): void {
    this.decorations = matcher.updateDeco(update, this.decorations);
  }
}

/** The plugin. */
export const templates = ViewPlugin.fromClass(Templates, { decorations: (plugin) => plugin.decorations });

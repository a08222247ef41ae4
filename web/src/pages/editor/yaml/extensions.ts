// What the YAML side is made of: CodeMirror with history, search, folding, problems in the gutter, and the page's colours.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  type KeyBinding,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { nonce } from '../../../app/nonce.ts';
import type { LastTest } from '../scope/lastTest.ts';
import { completeTemplate } from './complete.ts';
import { hoverTemplate } from './hover.ts';
import { marked } from './marked.ts';
import { templates } from './templates.ts';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--code-value)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--code-comment)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: '2px solid var(--page-accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--code-comment)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-marked': { backgroundColor: 'var(--page-accent-soft)' },
  '.cm-template, .cm-template span': { color: 'var(--page-accent)', fontWeight: '600' },
  '.cm-tooltip': {
    border: '1px solid var(--page-line)',
    borderRadius: '8px',
    backgroundColor: 'var(--page-surface)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-later .cm-completionLabel': { opacity: 0.65 },
  '.cm-completionDetail': { fontStyle: 'normal' },
  '.cm-name': { padding: '8px 10px', fontSize: '12.5px', maxWidth: '420px' },
  '.cm-panels': { backgroundColor: 'var(--page-surface)', color: 'var(--mantine-color-text)' },
});

/** Keys that do the same wherever the focus is, so that they are not the text's. */
const OURS = new Set(['F8', 'Mod-Enter', 'Mod-k']);

const isOurs = ({ key }: KeyBinding) => !OURS.has(key ?? '');

/** Everything but what the store listens with. */
export function extensions(lastTest: LastTest): Extension {
  return [
    EditorView.cspNonce.of(nonce()),
    EditorView.contentAttributes.of({
      'aria-label': 'Definition as YAML. Escape, then Tab, leaves it.',
      spellcheck: 'false',
      tabindex: '0',
    }),
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    syntaxHighlighting(colours),
    autocompletion({ override: [completeTemplate(lastTest)], icons: false, optionClass: ({ type }) => (type === 'later' ? 'cm-later' : '') }),
    hoverTemplate(lastTest),
    templates,
    marked,
    look,
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap.filter(isOurs),
      ...defaultKeymap.filter(isOurs),
      indentWithTab,
    ]),
  ];
}

// Completes what a `{{` may name in its place; asked of the server, whose checker judges it too.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { namesAt, type Names } from '../../../api/scope.ts';

/** Offers names after `{{`, filters after `|`. */
export async function completeTemplate(context: CompletionContext): Promise<CompletionResult | null> {
  const name = context.matchBefore(/\{\{\s*[\w.[\]-]*/);
  const filter = context.matchBefore(/\{\{[^{}]*\|\s*\w*/);
  const begun = filter ?? name;
  if (!begun) return null;
  const line = context.state.doc.lineAt(context.pos);
  const found = await namesAt({
    text: context.state.doc.toString(),
    line: line.number,
    column: context.pos - line.from + 1,
  });
  if (!found) return null;
  const typed = /[\w.[\]-]*$/.exec(begun.text)?.[0] ?? '';
  return {
    from: context.pos - typed.length,
    options: filter ? filters(found) : names(found),
    validFor: /^[\w.[\]-]*$/,
  };
}

function names(found: Names): Completion[] {
  return found.names.map((name, at) => ({
    label: name.path,
    detail: name.later ? 'runs after this' : name.type,
    info: name.about,
    boost: name.later ? -99 : -at / 10,
  }));
}

function filters(found: Names): Completion[] {
  return found.filters.map(({ name, about }) => ({ label: name, info: about }));
}

// Completes what a `{{` may name in its place; asked of the server, whose checker judges it too.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { namesAt } from '../../../api/scope.ts';
import { openedAt } from '../../../document/opened.ts';
import { near } from '../../../ui/Moment.tsx';
import type { LastTest } from '../scope/lastTest.ts';
import { filtersOf, offersOf, type Offer } from '../scope/offers.ts';

/** Offers names after `{{`, filters after `|`. */
export function completeTemplate(lastTest: LastTest) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    const opened = openedAt(line.text, context.pos - line.from);
    if (!opened) return null;
    const found = await namesAt({
      text: context.state.doc.toString(),
      line: line.number,
      column: context.pos - line.from + 1,
    });
    if (!found) return null;
    const offers = opened.wants === 'filter' ? filtersOf(found) : offersOf(found, lastTest.current().outputs);
    return { from: line.from + opened.from, options: offers.map(completion), validFor: /^[\w.[\]-]*$/ };
  };
}

function completion({ text, type, about, isLater, known }: Offer, at: number): Completion {
  const value = known ? ` ${known.shown} ${near(new Date(known.at), new Date())}` : '';
  return {
    label: text,
    detail: isLater ? 'runs after this' : `${type}${value}`,
    info: about,
    boost: isLater ? -99 : -at / 10,
    // It is shown, so that nobody looks for it in vain, and cannot be chosen.
    ...(isLater ? { apply: () => undefined, type: 'later' } : {}),
  };
}

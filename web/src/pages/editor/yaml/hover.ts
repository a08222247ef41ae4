// What a `{{name}}` of the text stands for, below it: type, source, and the masked value of the last test.

import { hoverTooltip } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import { namesAt } from '../../../api/scope.ts';
import { openedAt } from '../../../document/opened.ts';
import { near } from '../../../ui/Moment.tsx';
import type { LastTest } from '../scope/lastTest.ts';
import { offerFor, offersOf } from '../scope/offers.ts';

/** The tooltip. */
export function hoverTemplate(lastTest: LastTest): Extension {
  return hoverTooltip(async (view, at) => {
    const line = view.state.doc.lineAt(at);
    const opened = openedAt(line.text, at - line.from);
    if (!opened?.isClosed || opened.word === '' || opened.wants === 'filter') return null;
    const found = await namesAt({ text: view.state.doc.toString(), line: line.number, column: at - line.from + 1 });
    const offers = found ? offersOf(found, lastTest.current().outputs) : [];
    const offer = offerFor(offers, opened.word);
    if (!offer) return null;
    const known = offer.text === opened.word ? offer.known : null;
    const lines = [
      offer.text === opened.word ? `${opened.word}: ${offer.type}` : `${opened.word}: in ${offer.text}`,
      offer.isLater ? 'Its step runs after this one.' : offer.about,
      known ? `Last test: ${known.shown}, ${near(new Date(known.at), new Date())}` : 'No test has shown it yet.',
    ];
    return {
      pos: line.from + opened.from,
      end: line.from + opened.to,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-name';
        for (const text of lines) dom.appendChild(document.createElement('div')).textContent = text;
        return { dom };
      },
    };
  });
}

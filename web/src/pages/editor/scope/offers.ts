// What can be chosen in a template: names of the place with what the last test left in them, nearest first.

import type { Names } from '../../../api/scope.ts';
import { isOf, type Known } from './lastTest.ts';

/** One thing to choose. */
export interface Offer {
  /** What is put in. */
  text: string;
  type: string;
  /** One sentence. */
  about: string;
  /** Whether it cannot be chosen here, since its step runs afterwards. */
  isLater: boolean;
  /** What the last test left there, masked. */
  known: Known | null;
}

/** The names of a place, with the values below them that a test has shown. */
export function offersOf({ names }: Names, known: readonly Known[]): Offer[] {
  const byPath = new Map(known.map((one) => [one.path, one]));
  const offers: Offer[] = [];
  const seen = new Set<string>();
  const add = (offer: Offer) => {
    if (seen.has(offer.text)) return;
    seen.add(offer.text);
    offers.push(offer);
  };
  names.forEach((name, at) => {
    const own = byPath.get(name.path) ?? null;
    add({
      text: name.path,
      type: name.type === 'any' && own ? own.type : name.type,
      about: name.about,
      isLater: name.later,
      known: own,
    });
    // What is deeper, and what only a run could tell, stands behind the last that the definition tells of a step.
    if (name.step && !name.later && names[at + 1]?.step !== name.step) {
      for (const one of known) {
        if (!isOf(one.path, name.step)) continue;
        add({ text: one.path, type: one.type, about: 'The last test found it.', isLater: false, known: one });
      }
    }
  });
  return offers;
}

/** The filters of a place. */
export function filtersOf({ filters }: Names): Offer[] {
  return filters.map(({ name, about }) => ({ text: name, type: 'filter', about, isLater: false, known: null }));
}

/** Those that what was typed may mean: what begins so first, later ones last. */
export function fitting(offers: readonly Offer[], typed: string): Offer[] {
  const sought = typed.toLowerCase();
  const rank = ({ text, isLater }: Offer) => {
    const lower = text.toLowerCase();
    const place = lower.startsWith(sought) ? 0 : lower.includes(sought) ? 1 : 9;
    return place === 9 ? place : place + (isLater ? 2 : 0);
  };
  return offers
    .map((offer) => ({ offer, rank: rank(offer) }))
    .filter((one) => one.rank < 9)
    .sort((one, other) => one.rank - other.rank)
    .map(({ offer }) => offer);
}

/** What a name stands for, or is a part of. */
export function offerFor(offers: readonly Offer[], word: string): Offer | undefined {
  return offers.find(({ text }) => text === word) ?? offers.find(({ text }) => isOf(word, text));
}

// Which of many things was meant by a few letters: names that begin so first, then words that do, then what has the letters in order.

/** A thing that can be found. */
export interface Findable {
  label: string;
  about: string;
}

/** Those that fit, the best first; all of them where nothing is typed yet. */
export function found<Thing extends Findable>(things: readonly Thing[], typed: string): Thing[] {
  const sought = typed.trim().toLowerCase();
  if (sought === '') return [...things];
  return things
    .map((thing) => ({ thing, rank: rankOf(thing, sought) }))
    .filter(({ rank }) => rank < NOT)
    .sort((one, other) => one.rank - other.rank)
    .map(({ thing }) => thing);
}

const NOT = 9;

function rankOf({ label, about }: Findable, sought: string): number {
  const name = label.toLowerCase();
  if (name.startsWith(sought)) return 0;
  if (name.split(/[\s_.-]+/).some((word) => word.startsWith(sought))) return 1;
  if (name.includes(sought)) return 2;
  if (`${name} ${about.toLowerCase()}`.includes(sought)) return 3;
  return hasInOrder(name, sought) ? 4 : NOT;
}

/** Whether all letters are there in their order: `mwi` is in `mediawiki`. */
function hasInOrder(name: string, sought: string): boolean {
  let at = 0;
  for (const letter of sought.replaceAll(' ', '')) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

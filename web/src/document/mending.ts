// A value with the name that was probably meant in the place of the wrong one, which is told in a problem's message.

/** The value mended; null where it cannot be told what is wrong in it. */
export function mended(value: string, message: string, nearest: string): string | null {
  const named = [...message.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/^\{\{\s*|\s*\}\}$/g, ''));
  const wrong = named
    .filter((name) => name !== nearest && name !== '' && wordOf(name).test(value))
    .sort((one, other) => distance(one, nearest) - distance(other, nearest))[0];
  return wrong === undefined ? null : value.replace(wordOf(wrong), nearest);
}

/** The name, where it stands as a whole. */
function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}

/** How many letters have to be changed, added or left out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (let to = 1; to <= other.length; to++) {
      const swapped = (row[to - 1] ?? 0) + (letter === other[to - 1] ? 0 : 1);
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, swapped));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

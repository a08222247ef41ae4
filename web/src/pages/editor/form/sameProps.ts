// Whether a part of the form is given the same as before: paths and schemas are made anew with each look, and mean the same.

/** For `memo`: what is given is the same, functions aside, which all read the document as it is when they are called. */
export function sameProps<Props extends object>(before: Props, after: Props): boolean {
  const [old, fresh] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...keys].every((key) => isSame(old[key], fresh[key]));
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === 'function') return typeof other === 'function';
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [first, second] = [Object.entries(one), Object.entries(other)];
  // One level is enough for a path, and for a schema that is written where it is used.
  return first.length === second.length && first.every(([key, value], at) => second[at]?.[0] === key && Object.is(second[at][1], value));
}

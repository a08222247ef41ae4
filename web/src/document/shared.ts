// Values read anew keep what is the same as before, so that whoever looks at a part sees at once whether it has changed.

/** The newer value; every part of it that equals the older one's is that one itself. */
export function shared(before: unknown, after: unknown): unknown {
  if (Object.is(before, after) || !isCollection(before) || !isCollection(after)) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  const [old, fresh] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = Object.keys(fresh);
  // The order of keys is what people see, so that another order is another value.
  const order = Object.keys(old);
  let isSame = keys.length === order.length && keys.every((key, at) => key === order[at]);
  const result: Record<string, unknown> | unknown[] = Array.isArray(after) ? [] : {};
  for (const key of keys) {
    const part = shared(old[key], fresh[key]);
    (result as Record<string, unknown>)[key] = part;
    if (!Object.is(part, old[key])) isSame = false;
  }
  return isSame ? before : result;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

// A name for a new connector that none has yet.

/** The name itself where it is free, else with the first number that is. */
export function freeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base;
  const stem = base.replace(/-\d+$/, '');
  for (let number = 2; ; number++) {
    const name = `${stem}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** A title as a connector's name: small letters, digits and `-`, beginning with a letter. */
export function nameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^[^a-z]+|-+$/g, '');
}

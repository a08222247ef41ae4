// What the open page has to be found in it: the parts of a connector, what can be done there. It says so while it is open.

/** One thing on the open page. */
export interface Here {
  label: string;
  /** What it is. */
  about: string;
  go: () => void;
}

let offered: readonly Here[] = [];

/** Offers these until the function it returns is called. */
export function offerHere(list: readonly Here[]): () => void {
  offered = list;
  return () => {
    if (offered === list) offered = [];
  };
}

/** What the open page offers. */
export function here(): readonly Here[] {
  return offered;
}

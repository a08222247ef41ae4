// Who has something unsaved on the open page is asked before it goes, whichever way it goes: to another page, or by signing out.

/** Keeps what is unsaved; whether the page may go. */
type Ask = () => Promise<boolean>;

const asks = new Set<Ask>();

/** Has this asked before the page goes, until the function it returns is called. */
export function askBeforeLeaving(ask: Ask): () => void {
  asks.add(ask);
  return () => void asks.delete(ask);
}

/** Whether the open page may go. */
export async function mayLeave(): Promise<boolean> {
  for (const ask of asks) if (!(await ask())) return false;
  return true;
}

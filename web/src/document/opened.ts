// The template that a caret is in: what of it has been typed, and what takes its place once something is chosen.

/** A template around the caret. */
export interface Opened {
  /** Whether a name is wanted, or a filter after `|`. */
  wants: 'name' | 'filter';
  /** The letters up to the caret. */
  typed: string;
  /** The whole word around the caret. */
  word: string;
  /** Where that word begins and ends. */
  from: number;
  to: number;
  /** Whether the template has its end already. */
  isClosed: boolean;
}

const WORD = /[\w.[\]-]*$/;
const FURTHER = /^[\w.[\]-]*/;

/** The template that the caret of a text is in; null where it is in none, or where nothing can be chosen. */
export function openedAt(text: string, caret: number): Opened | null {
  const before = text.slice(0, caret);
  const begin = before.lastIndexOf('{{');
  if (begin < 0) return null;
  const inner = before.slice(begin + 2);
  if (inner.includes('}')) return null;
  const last = inner.slice(inner.lastIndexOf('|') + 1);
  const typed = WORD.exec(last)?.[0] ?? '';
  // An argument, or two words: neither is a name.
  if (last.trim() !== typed) return null;
  const further = FURTHER.exec(text.slice(caret))?.[0] ?? '';
  const to = caret + further.length;
  return {
    wants: inner.includes('|') ? 'filter' : 'name',
    typed,
    word: typed + further,
    from: caret - typed.length,
    to,
    isClosed: /^[^{}]*\}\}/.test(text.slice(to)),
  };
}

/** The text with a choice in the place of the word, and where the caret stands then. */
export function chosen(text: string, opened: Opened, choice: string): { text: string; caret: number } {
  const written = opened.isClosed ? choice : `${choice}}}`;
  return { text: text.slice(0, opened.from) + written + text.slice(opened.to), caret: opened.from + written.length };
}

// Where something stands in a definition: keys and indices from the root, written as the checker writes them.

/** Keys and indices from the root. */
export type Path = readonly (string | number)[];

/** A path as text: `auth_flow.steps[2].request.url`. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** Reads what `showPath` writes; keys with dots in them stay whole where they stand in quotes. */
export function parsePath(text: string): Path {
  const parts: (string | number)[] = [];
  for (const [, index, quoted, key] of text.matchAll(/\[(\d+)\]|\["([^"]*)"\]|\.?([^.[\]]+)/g)) {
    if (index !== undefined) parts.push(Number(index));
    else parts.push(quoted ?? key ?? '');
  }
  return parts;
}

/** Whether a path is another, or leads to something inside it. */
export function isWithin(path: Path, folder: Path): boolean {
  return folder.every((part, at) => path[at] === part);
}

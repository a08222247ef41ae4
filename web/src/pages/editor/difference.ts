// Two texts line by line: what stays, what goes, what comes.

/** A line of the difference. */
export interface Line {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** The difference, by the longest common run of lines. */
export function difference(before: string, after: string): Line[] {
  const [left, right] = [before.split('\n'), after.split('\n')];
  // How long the common lines from here on are.
  const common = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  const at = (one: number, other: number) => common[one]?.[other] ?? 0;
  for (let one = left.length - 1; one >= 0; one--) {
    const row = common[one];
    for (let other = right.length - 1; other >= 0 && row; other--) {
      row[other] =
        left[one] === right[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
    }
  }
  const lines: Line[] = [];
  let [one, other] = [0, 0];
  while (one < left.length || other < right.length) {
    const [gone, come] = [left[one], right[other]];
    if (gone !== undefined && gone === come) {
      lines.push({ kind: 'same', text: gone });
      one++;
      other++;
    } else if (come === undefined || (gone !== undefined && at(one + 1, other) >= at(one, other + 1))) {
      lines.push({ kind: 'gone', text: gone ?? '' });
      one++;
    } else {
      lines.push({ kind: 'new', text: come });
      other++;
    }
  }
  return lines;
}

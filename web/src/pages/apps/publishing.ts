// What is being changed of the connectors that an app may use, and what that does, in words.

import type { AppUse, Publication } from '../../api/apps.ts';

/** Publishes a connector, as the last, or takes it back. */
export function withPublished(now: readonly Publication[], connector: string, published: boolean): Publication[] {
  const others = now.filter((it) => it.connector !== connector);
  return published ? [...others, { connector, selected: true }] : others;
}

/** Whether the screen asks for a connector. */
export function withSelected(now: readonly Publication[], connector: string, selected: boolean): Publication[] {
  return now.map((it) => (it.connector === connector ? { connector, selected } : it));
}

/** Moves a connector one place up (-1) or down (1); at the end of the list it stays. */
export function moved(now: readonly Publication[], connector: string, by: 1 | -1): Publication[] {
  const from = now.findIndex((it) => it.connector === connector);
  const one = now[from];
  const other = now[from + by];
  if (!one || !other) return [...now];
  return now.map((it) => (it === one ? other : it === other ? one : it));
}

/** So many users that have a connection. */
export function connected(users: number): string {
  return users === 1 ? '1 user signed in' : `${users} users signed in`;
}

/** What saving would do, one sentence each; empty where nothing has changed. */
export function differences(
  before: readonly Publication[],
  after: readonly Publication[],
  uses: readonly AppUse[] = [],
): string[] {
  const was = new Map(before.map((it) => [it.connector, it]));
  const is = new Map(after.map((it) => [it.connector, it]));
  const said: string[] = [];
  for (const { connector, selected } of after) {
    const old = was.get(connector);
    if (!old) said.push(`Publishes ${connector}${selected ? '' : ', without asking users for it'}.`);
    else if (old.selected !== selected) {
      said.push(selected ? `The screen asks users for ${connector}.` : `The screen no longer asks users for ${connector}.`);
    }
  }
  for (const { connector } of before) {
    if (is.has(connector)) continue;
    const users = uses.find((it) => it.connector === connector)?.users ?? 0;
    said.push(
      users > 0
        ? `Takes ${connector} back: calls to it are refused, also those for the ${connected(users)}. Connections stay, unused.`
        : `Takes ${connector} back: calls to it are refused. Connections stay, unused.`,
    );
  }
  const kept = (list: readonly Publication[]) =>
    list.map((it) => it.connector).filter((name) => was.has(name) && is.has(name)).join(' ');
  if (kept(before) !== kept(after)) said.push('Shows them in another order.');
  return said;
}

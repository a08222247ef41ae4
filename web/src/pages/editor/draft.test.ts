// When a draft is sent, and with which version.

import { expect, test } from 'vitest';
import type { Keeping } from '../../api/drafts.ts';
import { ApiError, unreachable } from '../../api/problem.ts';
import { DraftKeeper } from './draft.ts';

function keeper() {
  const sent: (Keeping | 'dropped')[] = [];
  let due: (() => void) | null = null;
  let refusal: ApiError | null = null;
  const held = { keep: Promise.resolve(), drop: Promise.resolve() };
  const draft = new DraftKeeper('wiki', {
    async keep(name, keeping) {
      await held.keep;
      if (refusal) throw refusal;
      sent.push(keeping);
      const version = (keeping.seen ?? 0) + 1;
      return { name, version, based_on: keeping.basedOn, updated_at: `at ${version}` };
    },
    async drop() {
      await held.drop;
      if (refusal) throw refusal;
      sent.push('dropped');
    },
    later(act) {
      due = act;
      return () => {
        due = null;
      };
    },
  });
  return {
    draft,
    sent,
    refuse: (error: ApiError | null) => (refusal = error),
    /** Does not answer this until the function it returns is called. */
    holdUp: (what: keyof typeof held) => {
      let release: () => void = () => undefined;
      held[what] = new Promise((resolve) => (release = resolve));
      return release;
    },
    /** The typing has rested, or the next try is due. */
    rest: async () => {
      const act = due;
      due = null;
      act?.();
      await draft.flush();
    },
    /** Whether something is to be done by itself. */
    isDue: () => due !== null,
  };
}

test('a pause keeps the newest text, over the version that was kept before', async () => {
  const { draft, sent, rest } = keeper();
  draft.type('a', 3);
  draft.type('ab', 3);
  expect(sent).toEqual([]);
  expect(draft.current()).toEqual({ state: 'waiting' });
  await rest();
  expect(draft.current()).toEqual({ state: 'kept', at: 'at 1' });
  draft.type('abc', 3);
  await rest();
  expect(sent).toEqual([
    { text: 'ab', basedOn: 3, seen: null },
    { text: 'abc', basedOn: 3, seen: 1 },
  ]);
});

test('what is saved needs no draft', async () => {
  const { draft, sent, rest } = keeper();
  draft.goOn(4, 'at 4');
  draft.type('x', 1);
  await draft.drop();
  await rest();
  expect(sent).toEqual(['dropped']);
  draft.type('y', 2);
  await rest();
  expect(sent.at(-1)).toEqual({ text: 'y', basedOn: 2, seen: null });
});

test('a refusal is told, and the next pause tries again', async () => {
  const { draft, sent, refuse, rest } = keeper();
  const error = unreachable();
  refuse(error);
  draft.type('x', 1);
  await rest();
  expect(draft.current()).toEqual({ state: 'failed', error });
  refuse(null);
  draft.type('xy', 1);
  await rest();
  expect(sent).toEqual([{ text: 'xy', basedOn: 1, seen: null }]);
});

test('what was refused is tried again by itself, and at once where one leaves', async () => {
  const { draft, sent, refuse, rest, isDue } = keeper();
  refuse(unreachable());
  draft.type('x', 1);
  await rest();
  expect(draft.current().state).toBe('failed');
  expect(isDue()).toBe(true);
  refuse(null);
  await draft.flush();
  expect(draft.current()).toEqual({ state: 'kept', at: 'at 1' });
  expect(isDue()).toBe(false);
  expect(sent).toEqual([{ text: 'x', basedOn: 1, seen: null }]);
});

test('what will be refused again waits until one leaves', async () => {
  const { draft, refuse, rest, isDue } = keeper();
  const { problem } = unreachable();
  refuse(new ApiError({ ...problem, status: 412, retry: 'no' }));
  draft.type('x', 1);
  await rest();
  expect(draft.current().state).toBe('failed');
  expect(isDue()).toBe(false);
});

test('what is typed while a draft is dropped is kept after it', async () => {
  const { draft, sent, holdUp, rest } = keeper();
  draft.goOn(4, 'at 4');
  const release = holdUp('drop');
  const dropped = draft.drop();
  draft.type('y', 2);
  const kept = rest();
  // Whatever would not wait goes ahead now.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  release();
  await Promise.all([dropped, kept]);
  expect(sent).toEqual(['dropped', { text: 'y', basedOn: 2, seen: null }]);
  expect(draft.current()).toEqual({ state: 'kept', at: 'at 1' });
});

test('a draft that could not be dropped is gone over by the next', async () => {
  const { draft, sent, refuse, rest } = keeper();
  draft.goOn(4, 'at 4');
  refuse(unreachable());
  await draft.drop();
  expect(draft.current()).toEqual({ state: 'none' });
  refuse(null);
  draft.type('y', 2);
  await rest();
  expect(sent).toEqual([{ text: 'y', basedOn: 2, seen: 4 }]);
});

test('a draft that is dropped while it is sent does not come back', async () => {
  const { draft, sent, refuse, holdUp, isDue } = keeper();
  refuse(unreachable());
  const release = holdUp('keep');
  draft.type('x', 1);
  const flushed = draft.flush();
  const dropped = draft.drop();
  release();
  await Promise.all([flushed, dropped]);
  expect(draft.current()).toEqual({ state: 'none' });
  expect(isDue()).toBe(false);
  expect(sent).toEqual([]);
});

test('what could not be kept is there for whoever opens the editor again', async () => {
  const { draft, refuse, rest } = keeper();
  draft.goOn(4, 'at 4');
  expect(draft.stop()).toBeNull();
  refuse(unreachable());
  draft.type('x', 2);
  await rest();
  expect(draft.stop()).toMatchObject({ text: 'x', based_on: 2, version: 4 });
  refuse(null);
  await draft.flush();
  expect(draft.stop()).toBeNull();
});

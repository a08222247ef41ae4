// When a draft is sent, and with which version.

import { expect, test } from 'vitest';
import type { Keeping } from '../../api/drafts.ts';
import { ApiError, unreachable } from '../../api/problem.ts';
import { DraftKeeper } from './draft.ts';

function keeper() {
  const sent: (Keeping | 'dropped')[] = [];
  let due: (() => void) | null = null;
  let refusal: ApiError | null = null;
  const draft = new DraftKeeper('wiki', {
    keep(name, keeping) {
      if (refusal) return Promise.reject(refusal);
      sent.push(keeping);
      const version = (keeping.seen ?? 0) + 1;
      return Promise.resolve({ name, version, based_on: keeping.basedOn, updated_at: `at ${version}` });
    },
    drop() {
      sent.push('dropped');
      return Promise.resolve();
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
    rest: async () => {
      due?.();
      await draft.flush();
    },
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

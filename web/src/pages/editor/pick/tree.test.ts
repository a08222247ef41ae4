// Outputs as a tree.

import { expect, test } from 'vitest';
import { pruned, treeOf, type Node } from './tree.ts';

const shape = (nodes: readonly Node[]): unknown[] => nodes.map(({ label, children }) => (children.length > 0 ? [label, shape(children)] : label));

const TREE = treeOf([
  { path: 'login.status', type: 'number' },
  { path: 'login.body', type: 'any' },
  { path: 'login.body.user.id', type: 'number' },
  { path: 'login.body.items[0].name', type: 'string' },
  { path: 'form1.user', type: 'string' },
]);

test('paths are nested by their parts, whether or not the parts in between were named', () => {
  expect(shape(TREE)).toEqual([
    ['login', ['status', ['body', [['user', ['id']], ['items', [['[0]', ['name']]]]]]]],
    ['form1', ['user']],
  ]);
  expect(TREE[0]?.children[1]?.children[1]?.children[0]?.value).toBe('login.body.items[0]');
});

test('a search keeps what leads to what it finds', () => {
  expect(shape(pruned(TREE, 'name'))).toEqual([['login', [['body', [['items', [['[0]', ['name']]]]]]]]]);
  expect(pruned(TREE, 'zz')).toEqual([]);
  expect(pruned(TREE, ' ')).toEqual(TREE);
});

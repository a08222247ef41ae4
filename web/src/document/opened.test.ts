// Where a template is open, and what a choice makes of it.

import { expect, test } from 'vitest';
import { chosen, openedAt } from './opened.ts';

/** The caret is where the bar stands. */
function at(text: string) {
  const caret = text.indexOf('¦');
  return { text: text.replace('¦', ''), opened: openedAt(text.replace('¦', ''), caret) };
}

test.each([
  ['{{¦', 'name', '', false],
  ['Bearer {{ log¦', 'name', 'log', false],
  ['{{login.bo¦dy.token}}', 'name', 'login.bo', true],
  ['{{a}}/{{b¦', 'name', 'b', false],
  ['{{a | ba¦', 'filter', 'ba', false],
  ['{{a | trim | ¦}}', 'filter', '', true],
  ['{{body.items[0].i¦', 'name', 'body.items[0].i', false],
])('%s wants a %s', (marked, wants, typed, isClosed) => {
  expect(at(marked).opened).toMatchObject({ wants, typed, isClosed });
});

test.each(['¦', 'a¦', '{¦', '{{a}}¦', '{{a}¦}', "{{a | default('x¦", '{{a b¦'])('%s wants nothing', (marked) => {
  expect(at(marked).opened).toBeNull();
});

test.each([
  ['x{{lo¦', 'login.body', 'x{{login.body}}', 15],
  ['{{lo¦gin}}/y', 'form1.user', '{{form1.user}}/y', 12],
  ['{{a | b¦ }}', 'base64', '{{a | base64 }}', 12],
])('a choice in %s', (marked, choice, text, caret) => {
  const { text: before, opened } = at(marked);
  expect(opened && chosen(before, opened, choice)).toEqual({ text, caret });
});

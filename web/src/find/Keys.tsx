// What the keys do, everywhere and in the editor.

import { Kbd, Modal } from '@mantine/core';
import { useFocusBack } from '../ui/useFocusBack.ts';
import classes from './Palette.module.css';

const isMac = () => navigator.userAgent.includes('Mac');

/** Keys, `Mod` being Ctrl, or Cmd on a Mac. */
const PARTS: readonly { title: string; keys: readonly [string, string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Mod K', 'Find connectors, apps, pages, parts'],
      ['?', 'This list'],
    ],
  },
  {
    title: 'In the editor',
    keys: [
      ['Mod S', 'Save'],
      ['Mod Enter', 'Run the test'],
      ['F8', 'Go to the next problem'],
      ['Mod Z', 'Undo, of form and text alike'],
      ['Mod Shift Z', 'Redo'],
      ['Alt ↑', 'Move a step up, from its line'],
      ['Alt ↓', 'Move a step down'],
    ],
  },
  {
    title: 'While typing in it',
    keys: [
      ['{{', 'List what can be read here'],
      ['|', 'List filters, inside of {{ }}'],
      ['Ctrl Space', 'List again'],
      ['Mod F', 'Search the text'],
      ['Escape', 'Close the list; then Tab leaves the text'],
    ],
  },
];

/** The dialog. */
export function Keys({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const mod = isMac() ? '⌘' : 'Ctrl';
  return (
    <Modal opened onClose={onClose} title="Keys" size="lg">
      {PARTS.map(({ title, keys }) => (
        <section key={title}>
          <h3 className={classes.part}>{title}</h3>
          <dl className={classes.keys}>
            {keys.map(([key, does]) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt>
                  {key.split(' ').map((one) => (
                    <Kbd key={one} mr={4}>
                      {one === 'Mod' ? mod : one}
                    </Kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}

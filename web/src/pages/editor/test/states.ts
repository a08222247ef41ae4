// How a step came out, as a word and an icon: never a colour alone.

import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconUserQuestion,
  type Icon,
} from '@tabler/icons-react';
import type { State } from './timeline.ts';

/** The word and the icon of each state. */
export const STATES: Readonly<Record<State, readonly [string, Icon]>> = {
  running: ['Running', IconLoader2],
  waiting: ['Waiting for you', IconUserQuestion],
  done: ['Done', IconCircleCheck],
  failed: ['Failed', IconCircleX],
  skipped: ['Skipped', IconCircleDashed],
};

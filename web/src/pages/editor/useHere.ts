// What can be found in the open connector: its parts and steps, and what can be done with it.

import { useEffect } from 'react';
import { offerHere, type Here } from '../../find/here.ts';
import { plain, valueAt } from '../../document/reading.ts';
import { SECTIONS } from './sections.ts';
import { showField } from './showField.ts';
import type { EditorStore } from './store.ts';

interface Ways {
  store: EditorStore;
  /** Brings the form into view, where one pane shows at a time. */
  showForm: () => void;
  runTest: () => void;
  save: () => void;
  canSave: boolean;
}

const FLOWS = ['auth_flow', 'refresh_flow', 'step_up', 'logout_flow'] as const;

/** Offers it. */
export function useHere(ways: Ways): void {
  useEffect(() => offerHere(listed(ways)));
}

function listed({ store, showForm, runTest, save, canSave }: Ways): Here[] {
  const { value } = store.current().reading;
  const shown = (show: () => void) => () => {
    showForm();
    requestAnimationFrame(show);
  };
  const steps = FLOWS.flatMap((flow) => {
    const list = valueAt(value, [flow, 'steps']);
    const title = SECTIONS.find(({ id }) => id === flow)?.title ?? flow;
    return (Array.isArray(list) ? list : []).map((step: unknown, index) => ({
      label: plain(valueAt(step, ['id'])),
      about: `Step of the ${title.toLowerCase()}`,
      go: shown(() => showField(`${flow}.steps[${index}]`)),
    }));
  });
  return [
    ...SECTIONS.map(({ id, title }) => ({
      label: title,
      about: 'Part of this connector',
      go: shown(() => {
        const part = document.getElementById(`part-${id}`);
        part?.scrollIntoView({ block: 'start' });
        part?.focus({ preventScroll: true });
      }),
    })),
    ...steps.filter(({ label }) => label !== ''),
    { label: 'Run the test', about: 'Ctrl Enter', go: runTest },
    ...(canSave ? [{ label: 'Save', about: 'Ctrl S', go: save }] : []),
  ];
}

// The id of a step; when it changes, whatever reads the step's outputs reads them under the new id.

import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { showPath, type Path } from '../../../document/path.ts';
import { renameStep } from '../../../document/steps.ts';
import { stepIds } from '../../../document/template.ts';
import { useForm } from '../context.ts';
import { Problems } from '../form/Problems.tsx';

/** The field. */
export function StepId({ path }: { path: Path }) {
  const form = useForm();
  const list = path.slice(0, -1);
  const index = Number(path.at(-1));
  const id = form.at([...path, 'id']);
  const now = typeof id === 'string' ? id : '';
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed === null ? null : whyNot(typed, now, stepIds(form.value, list));
  const problems = form.problemsOf([...path, 'id']);
  const take = () => {
    if (typed !== null && wrong === null && typed !== now) form.change(renameStep(form.reading, list, index, typed));
    setTyped(null);
  };
  return (
    <TextInput
      label="ID"
      description={`Later steps read its outputs as {{${typed ?? now}.…}}; a new id is taken over wherever it is read.`}
      value={typed ?? now}
      readOnly={form.readOnly}
      error={wrong ?? (problems.length > 0 && <Problems problems={problems} />)}
      data-path={showPath([...path, 'id'])}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}

function whyNot(typed: string, now: string, ids: readonly string[]): string | null {
  if (typed === now) return null;
  if (!/^[A-Za-z_]\w*$/.test(typed)) return 'Letters, digits and _, not beginning with a digit.';
  return ids.includes(typed) ? 'Another step of this flow has this id.' : null;
}

// The steps of a flow: cards in their order, moved by drag, keys and menu, copied and pasted as YAML.

import { Button, Group, Text } from '@mantine/core';
import { IconClipboard } from '@tabler/icons-react';
import { useState } from 'react';
import { moveItem } from '../../../document/edit.ts';
import { isWithin, parsePath, type Path } from '../../../document/path.ts';
import { pasteSteps } from '../../../document/steps.ts';
import { useSay } from '../../../ui/LiveRegion.tsx';
import { useForm } from '../context.ts';
import { useUnfolding } from '../unfolding.ts';
import { PasteDialog } from './PasteDialog.tsx';
import { StepCard } from './StepCard.tsx';
import { StepPicker } from './StepPicker.tsx';
import classes from './steps.module.css';

/** The list; `path` is that of the steps. */
export function StepList({ path, label }: { path: Path; label: string }) {
  const form = useForm();
  const say = useSay();
  const found = form.at(path);
  const steps = Array.isArray(found) ? (found as Record<string, unknown>[]) : [];
  const [folded, setFolded] = useState<ReadonlySet<number>>(() => new Set(steps.length > 2 ? steps.keys() : []));
  const [dragged, setDragged] = useState<number | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);

  useUnfolding((wanted) => {
    const parts = parsePath(wanted);
    const index = parts[path.length];
    if (typeof index === 'number' && isWithin(parts, path)) setFolded((all) => new Set([...all].filter((one) => one !== index)));
  });
  // Cards keep these while their own step is the same, so that nothing here may be of an earlier look.
  const move = (from: number, to: number) => {
    const now = form.at(path) as Record<string, unknown>[];
    if (to < 0 || to >= now.length || from === to) return;
    form.change(moveItem(form.reading, path, from, to));
    say(`${String(now[from]?.id)} is step ${to + 1} of ${now.length}`);
    // The card that was moved keeps the focus.
    requestAnimationFrame(() => document.getElementById(cardId(path, to))?.focus());
  };
  const paste = (clip: string) => {
    const pasted = pasteSteps(form.reading, path, steps.length, clip);
    if ('refused' in pasted) {
      setRefused(pasted.refused);
      return;
    }
    setRefused(null);
    form.change(pasted.changes);
    const renamed = pasted.renamed.map(([before, after]) => `${before} is now ${after}`);
    say(['Pasted.', ...renamed].join(' '));
  };
  const fromClipboard = async () => {
    let clip: string;
    try {
      clip = await navigator.clipboard.readText();
    } catch {
      // Where the browser keeps the clipboard to itself, or asks and is refused, a text box takes it.
      setAsks(true);
      return;
    }
    paste(clip);
  };
  const areFolded = steps.length > 0 && steps.every((_, at) => folded.has(at));
  return (
    <div className={classes.list} role="group" aria-label={label}>
      {steps.length === 0 && (
        <Text c="dimmed" size="sm">
          No step yet.
        </Text>
      )}
      {steps.length > 1 && (
        <Button
          size="compact-xs"
          variant="subtle"
          className={classes.foldAll}
          onClick={() => setFolded(areFolded ? new Set() : new Set(steps.keys()))}
        >
          {areFolded ? 'Unfold all' : 'Fold all'}
        </Button>
      )}
      {steps.map((step, index) => (
        <StepCard
          key={`${index} ${String(step.kind)}`}
          id={cardId(path, index)}
          path={[...path, index]}
          count={steps.length}
          isFolded={folded.has(index)}
          onFold={(isFolded) =>
            setFolded((all) => new Set(isFolded ? [...all, index] : [...all].filter((one) => one !== index)))
          }
          onMove={(to) => move(index, to)}
          isTarget={dragged !== null && dragged !== index}
          onDrag={(isOn) => setDragged(isOn ? index : null)}
          onDrop={() => {
            if (dragged !== null) move(dragged, index);
            setDragged(null);
          }}
        />
      ))}
      {refused !== null && (
        <Text size="sm" c="error" role="alert">
          {refused}
        </Text>
      )}
      {!form.readOnly && (
        <Group gap="xs">
          <StepPicker path={path} count={steps.length} />
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconClipboard size={15} aria-hidden />}
            onClick={() => void fromClipboard()}
          >
            Paste
          </Button>
        </Group>
      )}
      <PasteDialog opened={asks} onClose={() => setAsks(false)} onPaste={paste} />
    </div>
  );
}

function cardId(path: Path, index: number): string {
  return `step-${path.join('-')}-${index}`;
}

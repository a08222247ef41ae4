// Picks an output from a tree: what the steps of a flow leave behind by the definition, and what the last test found below.

import { ActionIcon, Popover, TextInput, Tree, useTree } from '@mantine/core';
import { IconBinaryTree } from '@tabler/icons-react';
import { useState } from 'react';
import { valueAt } from '../../../document/reading.ts';
import { useForm } from '../context.ts';
import { outputsOf } from '../form/outputs.ts';
import { useLastTest } from '../scope/lastTest.ts';
import classes from './OutputPicker.module.css';
import { pruned, treeOf, type Node } from './tree.ts';

interface Props {
  flow: 'auth_flow' | 'refresh_flow';
  /** What it is picked for. */
  label: string;
  onPick: (path: string) => void;
}

/** The button and its tree. */
export function OutputPicker({ flow, label, onPick }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus withinPortal shadow="md">
      <Popover.Target>
        <ActionIcon variant="default" size="input-sm" aria-label={label} onClick={() => setOpened(!opened)}>
          <IconBinaryTree size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Outputs
          flow={flow}
          onPick={(path) => {
            setOpened(false);
            onPick(path);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Outputs({ flow, onPick }: { flow: Props['flow']; onPick: Props['onPick'] }) {
  const form = useForm();
  const { outputs } = useLastTest(form.lastTest);
  const [sought, setSought] = useState('');
  const steps = form.at([flow, 'steps']);
  const ids = new Set(Array.isArray(steps) ? steps.map((step) => valueAt(step, ['id'])) : []);
  const told = outputsOf(steps).map((path) => ({ path, type: 'any' }));
  const found = outputs.filter(({ path }) => ids.has(path.split(/[.[]/)[0]));
  const nodes = pruned(treeOf([...told, ...found]), sought);
  const tree = useTree({ initialExpandedState: Object.fromEntries(nodes.map(({ value }) => [value, true])) });
  return (
    <>
      <TextInput
        aria-label="Filter outputs"
        placeholder="Filter"
        size="xs"
        mb={6}
        data-autofocus
        value={sought}
        onChange={(event) => {
          setSought(event.currentTarget.value);
          tree.expandAllNodes();
        }}
      />
      <div className={classes.tree}>
        {nodes.length === 0 ? (
          <p className={classes.none}>
            {sought === '' ? 'No step leaves anything behind yet. Run the test to learn more names.' : `Nothing is called ${sought}.`}
          </p>
        ) : (
          <Tree
            data={nodes}
            tree={tree}
            levelOffset={18}
            aria-label="Outputs"
            onKeyDown={({ key, target }) => {
              const value = target instanceof HTMLElement ? target.dataset.value : undefined;
              if (key === 'Enter' && value !== undefined) onPick(value);
            }}
            renderNode={({ node, expanded, hasChildren, elementProps }) => (
              // The tree has the keys: arrows move and unfold, Enter picks.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
              <div
                {...elementProps}
                className={`${elementProps.className} ${classes.node ?? ''}`}
                onClick={(event) => {
                  elementProps.onClick(event);
                  if (!hasChildren) onPick(node.value);
                }}
              >
                <span aria-hidden className={classes.fold}>
                  {hasChildren ? (expanded ? '▾' : '▸') : ''}
                </span>
                <span className={classes.label}>{node.label}</span>
                <span className={classes.type}>{(node as unknown as Node).type}</span>
                {hasChildren && node.value.includes('.') && (
                  <button
                    type="button"
                    tabIndex={-1}
                    className={classes.whole}
                    onClick={(event) => {
                      event.stopPropagation();
                      onPick(node.value);
                    }}
                  >
                    Use all of it
                  </button>
                )}
              </div>
            )}
          />
        )}
      </div>
    </>
  );
}

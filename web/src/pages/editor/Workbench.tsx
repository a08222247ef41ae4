// The editor's inside: outline, form and the right pane side by side, or one of them where there is no room.

import { SegmentedControl, Tabs } from '@mantine/core';
import { useDocumentTitle, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DefinitionView } from '../../api/connectors.ts';
import type { Draft } from '../../api/drafts.ts';
import type { Definitions } from '../../document/schema.ts';
import { Caret } from './caret.ts';
import { EditorContext, useSnapshot, type Editor } from './context.ts';
import { DefinitionForm } from './DefinitionForm.tsx';
import { Divider } from './Divider.tsx';
import { Header } from './Header.tsx';
import { Outline } from './Outline.tsx';
import { ScreenPreview } from './preview/ScreenPreview.tsx';
import { ProblemStrip } from './ProblemStrip.tsx';
import { Completion } from './scope/Completion.tsx';
import { LastTest } from './scope/lastTest.ts';
import { EditorStore } from './store.ts';
import { showOutput } from './test/showOutput.ts';
import { TestPane } from './test/TestPane.tsx';
import { useTestRun } from './test/useTestRun.ts';
import { useDraft } from './useDraft.ts';
import { useHere } from './useHere.ts';
import { useProblems } from './useProblems.ts';
import { useSaving } from './useSaving.ts';
import classes from './Workbench.module.css';
import { YamlPane } from './yaml/YamlPane.tsx';

type View = 'form' | 'yaml' | 'test' | 'screen';

type Right = Exclude<View, 'form'>;

const RIGHT: readonly { value: Right; label: string }[] = [
  { value: 'yaml', label: 'YAML' },
  { value: 'test', label: 'Test' },
  { value: 'screen', label: 'Screen preview' },
];

interface Props {
  connector: DefinitionView;
  /** What was typed before and not saved, where there is such. */
  draft: Draft | null;
  definitions: Definitions;
}

/** The workbench. */
export function Workbench({ connector, draft, definitions }: Props) {
  const [lastTest] = useState(() => new LastTest());
  const [store] = useState(() => new EditorStore(connector.text, lastTest));
  const [caret] = useState(() => new Caret(store, (value) => definitions.order(value)));
  const snapshot = useSnapshot(store);
  const { problems, kept } = useProblems(snapshot.text, store);
  const saving = useSaving(store, connector);
  const drafting = useDraft(store, connector, draft, saving);
  const test = useTestRun();
  const isFixed = connector.origin === 'folder';
  const isWide = useMediaQuery('(min-width: 1180px)', undefined, { getInitialValueInEffect: false });
  const [view, setView] = useState<View>('form');
  const [right, setRight] = useState<Right>('yaml');
  const showTest = useCallback(() => (isWide ? setRight('test') : setView('test')), [isWide]);
  useEffect(() => lastTest.take(test.events), [lastTest, test.events]);
  const editor = useMemo<Editor>(
    () => ({
      store,
      definitions,
      problems,
      isFixed,
      caret,
      lastTest,
      showOutput(path) {
        showTest();
        requestAnimationFrame(() => showOutput(path));
      },
    }),
    [store, definitions, problems, isFixed, caret, lastTest, showTest],
  );
  const showYaml = () => (isWide ? setRight('yaml') : setView('yaml'));

  const [isAsked, setAsked] = useState(false);
  const onTaken = useCallback(() => setAsked(false), []);
  const runTest = () => {
    setAsked(true);
    showTest();
  };
  useHere({ store, showForm: () => setView('form'), runTest, save: saving.save, canSave: !isFixed });
  useDocumentTitle(`${connector.connector} · Stepgate`);
  useHotkeys([['mod+S', saving.save], ['mod+Enter', runTest]], [], true);
  const panes = {
    form: <DefinitionForm kept={kept} />,
    yaml: <YamlPane />,
    test: <TestPane connector={connector.connector} test={test} isAsked={isAsked} onTaken={onTaken} />,
    screen: <ScreenPreview />,
  };
  return (
    <EditorContext value={editor}>
      <div className={classes.bench}>
        <Header connector={connector} saving={saving} drafting={drafting} onTest={showTest} />
        {isWide ? (
          <div className={classes.wide}>
            <Outline />
            <div className={classes.form}>{panes.form}</div>
            <Divider />
            <Tabs
              value={right}
              onChange={(tab) => setRight(RIGHT.find(({ value }) => value === tab)?.value ?? 'yaml')}
              className={classes.right}
              keepMounted={false}
            >
              <Tabs.List>
                {RIGHT.map(({ value, label }) => (
                  <Tabs.Tab key={value} value={value}>
                    {label}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {RIGHT.map(({ value }) => (
                <Tabs.Panel key={value} value={value} className={classes.panel}>
                  {panes[value]}
                </Tabs.Panel>
              ))}
            </Tabs>
          </div>
        ) : (
          <div className={classes.narrow}>
            <SegmentedControl
              fullWidth
              aria-label="View"
              value={view}
              onChange={(next) => setView(next)}
              data={[
                { value: 'form', label: 'Form' },
                // On a phone there is room for one word.
                ...RIGHT.map(({ value, label }) => ({ value, label: value === 'screen' ? 'Screen' : label })),
              ]}
            />
            <div className={classes.one}>{panes[view]}</div>
          </div>
        )}
        <Completion />
        <ProblemStrip onShow={showYaml} isYamlShown={isWide ? right === 'yaml' : view === 'yaml'} />
      </div>
    </EditorContext>
  );
}

// The editor's inside: outline, form and the right pane side by side, or one of them where there is no room.

import { SegmentedControl, Tabs } from '@mantine/core';
import { useDocumentTitle, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import type { DefinitionView } from '../../api/connectors.ts';
import type { Definitions } from '../../document/schema.ts';
import { EditorContext, useSnapshot, type Editor, type Insert } from './context.ts';
import { DefinitionForm } from './DefinitionForm.tsx';
import { Divider } from './Divider.tsx';
import { Header } from './Header.tsx';
import { Outline } from './Outline.tsx';
import { ProblemStrip } from './ProblemStrip.tsx';
import { EditorStore } from './store.ts';
import { TestPane } from './test/TestPane.tsx';
import { useTestRun } from './test/useTestRun.ts';
import { useProblems } from './useProblems.ts';
import { useSaving } from './useSaving.ts';
import classes from './Workbench.module.css';
import { YamlPane } from './yaml/YamlPane.tsx';

type View = 'form' | 'yaml' | 'test';

/** The workbench. */
export function Workbench({ connector, definitions }: { connector: DefinitionView; definitions: Definitions }) {
  const [store] = useState(() => new EditorStore(connector.text));
  const snapshot = useSnapshot(store);
  const { problems, kept } = useProblems(snapshot.text, store);
  const saving = useSaving(store, connector);
  const test = useTestRun();
  const caret = useRef<Insert | null>(null);
  const isFixed = connector.origin === 'folder';
  const editor = useMemo<Editor>(
    () => ({
      store,
      definitions,
      problems,
      isFixed,
      setCaret(insert) {
        caret.current = insert;
      },
      insert(text) {
        caret.current?.(text);
        return caret.current !== null;
      },
    }),
    [store, definitions, problems, isFixed],
  );
  const isWide = useMediaQuery('(min-width: 1180px)', undefined, { getInitialValueInEffect: false });
  const [view, setView] = useState<View>('form');
  const [right, setRight] = useState<Exclude<View, 'form'>>('yaml');
  const showTest = () => (isWide ? setRight('test') : setView('test'));
  const showYaml = () => (isWide ? setRight('yaml') : setView('yaml'));

  useDocumentTitle(`${connector.connector} · Stepgate`);
  useHotkeys([['mod+S', saving.save]], [], true);
  const panes = {
    form: <DefinitionForm kept={kept} />,
    yaml: <YamlPane />,
    test: <TestPane connector={connector.connector} test={test} />,
  };
  return (
    <EditorContext value={editor}>
      <div className={classes.bench}>
        <Header connector={connector} saving={saving} onTest={showTest} />
        {isWide ? (
          <div className={classes.wide}>
            <Outline />
            <div className={classes.form}>{panes.form}</div>
            <Divider />
            <Tabs
              value={right}
              onChange={(tab) => setRight(tab === 'test' ? 'test' : 'yaml')}
              className={classes.right}
              keepMounted={false}
            >
              <Tabs.List>
                <Tabs.Tab value="yaml">YAML</Tabs.Tab>
                <Tabs.Tab value="test">Test</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="yaml" className={classes.panel}>
                {panes.yaml}
              </Tabs.Panel>
              <Tabs.Panel value="test" className={classes.panel}>
                {panes.test}
              </Tabs.Panel>
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
                { value: 'yaml', label: 'YAML' },
                { value: 'test', label: 'Test' },
              ]}
            />
            <div className={classes.one}>{panes[view]}</div>
          </div>
        )}
        <ProblemStrip onShow={showYaml} isYamlShown={isWide ? right === 'yaml' : view === 'yaml'} />
      </div>
    </EditorContext>
  );
}

// The editor's inside: outline, form and the right pane side by side, or one of them where there is no room.

import { SegmentedControl } from '@mantine/core';
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
import { useProblems } from './useProblems.ts';
import { useSaving } from './useSaving.ts';
import classes from './Workbench.module.css';
import { YamlPane } from './yaml/YamlPane.tsx';

type View = 'form' | 'yaml';

/** The workbench. */
export function Workbench({ connector, definitions }: { connector: DefinitionView; definitions: Definitions }) {
  const [store] = useState(() => new EditorStore(connector.text));
  const snapshot = useSnapshot(store);
  const { problems, kept } = useProblems(snapshot.text, store);
  const saving = useSaving(store, connector);
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

  useDocumentTitle(`${connector.connector} · Stepgate`);
  useHotkeys([['mod+S', saving.save]], [], true);
  const panes = {
    form: <DefinitionForm kept={kept} />,
    yaml: <YamlPane />,
  };
  return (
    <EditorContext value={editor}>
      <div className={classes.bench}>
        <Header connector={connector} saving={saving} />
        {isWide ? (
          <div className={classes.wide}>
            <Outline />
            <div className={classes.form}>{panes.form}</div>
            <Divider />
            <section className={classes.right} aria-label="YAML">
              {panes.yaml}
            </section>
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
              ]}
            />
            <div className={classes.one}>{panes[view]}</div>
          </div>
        )}
        <ProblemStrip onShow={() => setView('yaml')} isYamlShown={isWide || view === 'yaml'} />
      </div>
    </EditorContext>
  );
}

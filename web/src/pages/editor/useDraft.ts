// The draft of the open connector: found when it is opened, kept while one types, gone once it is saved.

import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DefinitionView } from '../../api/connectors.ts';
import type { Draft } from '../../api/drafts.ts';
import { useAccount } from '../../api/session.ts';
import { askBeforeLeaving } from '../../app/leaving.ts';
import { useSnapshot } from './context.ts';
import { DraftKeeper, type Kept, type Unkept } from './draft.ts';
import type { EditorStore } from './store.ts';
import type { Saving } from './useSaving.ts';

/** What could not be kept when the editor went, by account and connector; taken up where it is opened again. In memory alone. */
const unkept = new Map<string, Unkept>();

/** What the header shows of it. */
export interface Drafting {
  kept: Kept;
  /** A draft of before, until it is decided about. */
  found: Draft | Unkept | null;
  goOn: () => void;
  discard: () => void;
}

/** Keeps it. */
export function useDraft(store: EditorStore, connector: DefinitionView, draft: Draft | null, saving: Saving): Drafting {
  const [keeper] = useState(() => {
    const made = new DraftKeeper(connector.connector);
    // One that was saved from elsewhere is of no use any more, and goes.
    if (draft?.text === connector.text) made.goOn(draft.version, draft.updated_at);
    return made;
  });
  const { login } = useAccount();
  const key = `${login} ${connector.connector}`;
  const [found, setFound] = useState<Drafting['found']>(() => {
    const before = unkept.get(key) ?? draft;
    return before?.text === connector.text ? null : before;
  });
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current);
  const { text, isChanged } = useSnapshot(store);
  const { version } = saving;
  const isKept = connector.origin === 'store' && found === null;
  useEffect(() => {
    if (!isKept) return;
    if (isChanged) {
      keeper.type(text, version);
    } else {
      unkept.delete(key);
      void keeper.drop();
    }
  }, [isKept, isChanged, text, version, keeper, key]);
  useEffect(
    () => () => {
      const left = keeper.stop();
      if (left) unkept.set(key, left);
    },
    [keeper, key],
  );
  const mayLeave = async () => {
    if (!isChanged) return true;
    if (isKept) await keeper.flush();
    if (keeper.current().state === 'kept') return true;
    if (!window.confirm('Leave without saving? No draft could be kept, so your changes are lost.')) return false;
    keeper.giveUp();
    return true;
  };
  // Signing out leaves the page as well, and goes nowhere.
  useEffect(() => askBeforeLeaving(mayLeave));
  useBlocker({
    shouldBlockFn: async () => !(await mayLeave()),
    enableBeforeUnload: () => isChanged && kept.state !== 'kept',
  });
  return {
    kept,
    found,
    goOn() {
      if (!found) return;
      unkept.delete(key);
      keeper.goOn(found.version, found.updated_at);
      saving.beginFrom(found.based_on ?? version);
      setFound(null);
      store.replace(found.text);
    },
    discard() {
      if (!found) return;
      unkept.delete(key);
      keeper.goOn(found.version, found.updated_at);
      setFound(null);
    },
  };
}

// The draft of the open connector: found when it is opened, kept while one types, gone once it is saved.

import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DefinitionView } from '../../api/connectors.ts';
import type { Draft } from '../../api/drafts.ts';
import { useSnapshot } from './context.ts';
import { DraftKeeper, type Kept } from './draft.ts';
import type { EditorStore } from './store.ts';
import type { Saving } from './useSaving.ts';

/** What the header shows of it. */
export interface Drafting {
  kept: Kept;
  /** A draft of before, until it is decided about. */
  found: Draft | null;
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
  const [found, setFound] = useState(draft?.text === connector.text ? null : draft);
  const kept = useSyncExternalStore(keeper.subscribe, keeper.current);
  const { text, isChanged } = useSnapshot(store);
  const { version } = saving;
  const isKept = connector.origin === 'store' && found === null;
  useEffect(() => {
    if (!isKept) return;
    if (isChanged) keeper.type(text, version);
    else void keeper.drop();
  }, [isKept, isChanged, text, version, keeper]);
  useBlocker({
    async shouldBlockFn() {
      if (!isChanged) return false;
      if (isKept) await keeper.flush();
      if (keeper.current().state === 'kept') return false;
      return !window.confirm('Leave without saving? No draft could be kept, so your changes are lost.');
    },
    enableBeforeUnload: () => isChanged && kept.state !== 'kept',
  });
  return {
    kept,
    found,
    goOn() {
      if (!found) return;
      keeper.goOn(found.version, found.updated_at);
      saving.beginFrom(found.based_on ?? version);
      setFound(null);
      store.replace(found.text);
    },
    discard() {
      if (!found) return;
      keeper.goOn(found.version, found.updated_at);
      setFound(null);
    },
  };
}

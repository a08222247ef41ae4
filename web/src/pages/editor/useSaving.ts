// Saving: over the version that was seen; who was overtaken by somebody else decides between the two texts.

import { useState } from 'react';
import { useSave, type DefinitionView } from '../../api/connectors.ts';
import { ApiError } from '../../api/problem.ts';
import { useSay } from '../../ui/LiveRegion.tsx';
import type { Editor } from './context.ts';

/** What the header shows of it. */
export interface Saving {
  save: () => void;
  /** Saves over whatever there is. */
  saveOver: (version: number) => void;
  isSaving: boolean;
  /** The version that the text was begun from, or last saved as. */
  version: number;
  /** The newest version, where it is another than the one that was seen. */
  overtaken: number | null;
  /** Why it was not saved, where that is something else. */
  error: ApiError | null;
  /** Goes on from another version. */
  takeOver: (text: string, version: number) => void;
  forget: () => void;
  /** Goes on from what was begun from an earlier version. */
  beginFrom: (version: number) => void;
}

/** Saving. */
export function useSaving(store: Editor['store'], connector: DefinitionView): Saving {
  const say = useSay();
  const saving = useSave(connector.connector);
  const [version, setVersion] = useState(connector.version ?? 0);
  const send = (over: number) => {
    const { text } = store.current();
    saving.mutate(
      { text, version: over },
      {
        onSuccess(saved) {
          store.markSaved(text);
          setVersion(saved.version ?? over);
          say(`Saved as version ${saved.version ?? over}`);
        },
        onError: (error) => say(error.problem.detail),
      },
    );
  };
  const newest = saving.error?.code === 'other_version' ? saving.error.problem.version : null;
  return {
    save: () => {
      if (connector.origin === 'store' && !saving.isPending) send(version);
    },
    saveOver: send,
    isSaving: saving.isPending,
    version,
    overtaken: typeof newest === 'number' ? newest : null,
    error: typeof newest === 'number' ? null : saving.error,
    takeOver(text, taken) {
      store.replace(text);
      store.markSaved(text);
      setVersion(taken);
      saving.reset();
    },
    forget: () => saving.reset(),
    beginFrom: setVersion,
  };
}

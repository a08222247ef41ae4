// What the server's checker says of the text, asked after a pause in the typing, shown in form and text alike.

import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { EditorState } from '@codemirror/state';
import { api, data } from '../../api/client.ts';
import type { DefinitionProblem } from '../../api/problem.ts';
import type { EditorStore } from './store.ts';

const NONE: readonly DefinitionProblem[] = [];
const NOTHING: readonly string[] = [];

/** The problems, and the form fields that are stored after a sign-in. */
export function useProblems(text: string, store: EditorStore) {
  const [rested] = useDebouncedValue(text, 350);
  const check = useQuery({
    queryKey: ['check', rested],
    gcTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: () => data(api.POST('/api/check', { body: { text: rested } })),
  });
  const told = check.data?.problems ?? NONE;
  const [problems, setProblems] = useState(told);
  // The same problems stay themselves, so that nothing is shown anew for them.
  if (told !== problems && JSON.stringify(told) !== JSON.stringify(problems)) setProblems(told);
  useEffect(() => {
    const state = EditorState.create({ doc: rested });
    // Typing has gone on: the next answer fits again.
    if (store.current().text !== rested) return;
    store.dispatch(setDiagnostics(state, problems.map((problem) => diagnostic(problem, state))));
  }, [problems, rested, store]);
  const kept = (check.data?.kept ?? NOTHING).join(', ');
  return { problems, kept };
}

function diagnostic(problem: DefinitionProblem, state: EditorState): Diagnostic {
  const at = (line: number, column: number) => {
    const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    return Math.min(from + column - 1, to);
  };
  const from = at(problem.line, problem.column);
  return {
    from,
    to: Math.max(from, at(problem.end_line, problem.end_column)),
    severity: problem.severity,
    message: `${problem.message} ${problem.help}`,
  };
}

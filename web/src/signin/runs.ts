// A sign-in as it goes on: begun or joined, followed by server-sent events, answered, given up.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, data } from '../api/client.ts';
import type { components } from '../api/schema.ts';

/** How a sign-in stands. */
export type Run = components['schemas']['RunView'];

/** What is signed in to. */
export type Asked = components['schemas']['NewRun'];

const ENDED = ['signed_in', 'failed', 'expired', 'cancelled'];

/** Whether nothing more comes. */
export const hasEnded = (run: Run): boolean => ENDED.includes(run.state);

/** Begins a sign-in, or joins the one that is open, and follows it to its end. */
export function useRun(asked: Asked) {
  const queries = useQueryClient();
  const queryKey = ['runs', asked];
  const run = useQuery({
    queryKey,
    queryFn: () => data(api.POST('/api/runs', { body: asked })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnMount: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const told = (next: Run) => {
    queries.setQueryData(queryKey, next);
    if (next.state === 'signed_in') void queries.invalidateQueries({ queryKey: ['connections'] });
  };
  const id = run.data?.id;
  const ended = run.data !== undefined && hasEnded(run.data);
  useEffect(() => {
    if (id === undefined || ended) return;
    const events = new EventSource(`/api/runs/${id}`);
    events.addEventListener('run', (event: MessageEvent<string>) => told(JSON.parse(event.data) as Run));
    return () => events.close();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is told goes to the cache, whichever closure tells it
  }, [id, ended]);

  const at = { params: { path: { id: id ?? '' } } };
  const answer = useMutation({
    gcTime: 0,
    mutationFn: (answers: Record<string, Record<string, string>>) =>
      data(api.POST('/api/runs/{id}/answers', { ...at, body: answers as Record<string, never> })),
    onSuccess: told,
  });
  const confirm = useMutation({
    mutationFn: () => data(api.POST('/api/runs/{id}/confirm', at)),
    onSuccess: told,
  });
  const giveUp = useMutation({ mutationFn: () => data(api.DELETE('/api/runs/{id}', at)) });
  return { run, answer, confirm, giveUp };
}

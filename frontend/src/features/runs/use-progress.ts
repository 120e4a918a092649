import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useState } from 'react';

import { readEvents } from '@/api/events';
import { ApiError } from '@/api/problem';

import { advance, NO_PROGRESS, type Progress } from './events';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;

const pause = (time: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

interface Listener {
  onEvent: (event: Parameters<typeof advance>[1]) => void;
  onLost: (isLost: boolean) => void;
}

/** Reads until the run has ended; after a lost connection it goes on where it was. */
async function follow(runId: string, signal: AbortSignal, { onEvent, onLost }: Listener): Promise<void> {
  let last = '';
  let wait = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      for await (const event of readEvents(`/api/v1/runs/${runId}/events`, signal, last)) {
        last = event.id || last;
        wait = FIRST_PAUSE;
        onLost(false);
        onEvent(event);
        if (event.event === 'end') return;
      }
    } catch (error) {
      // The service has answered: asking again would not change it.
      if (signal.aborted || error instanceof ApiError) return;
    }
    onLost(true);
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_PAUSE);
  }
}

/** What a run does at this moment, for as long as it goes on. */
export function useProgress(runId: string, isLive: boolean): { progress: Progress; isLost: boolean } {
  const client = useQueryClient();
  const [progress, tell] = useReducer(advance, NO_PROGRESS);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    if (!isLive) return;
    const stop = new AbortController();
    void follow(runId, stop.signal, { onEvent: tell, onLost: setLost });
    return () => stop.abort();
  }, [runId, isLive]);
  useEffect(() => {
    if (progress.status === null) return;
    void client.invalidateQueries({ predicate: (query) => ['runs', 'home', 'catalog', 'system'].includes(String(query.queryKey[0])) });
  }, [progress.status, client]);
  return { progress, isLost };
}

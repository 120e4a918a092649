import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { computed, type Step } from '@/api/computed';

/** What a computation on demand has come to. */
export interface Computing<Asked, Answered> {
  ask: (asked: Asked) => void;
  stop: () => void;
  /** The question that `data`, `error` or the computation belongs to. */
  asked: Asked | undefined;
  data: Answered | undefined;
  error: Error | null;
  isPending: boolean;
  isStopped: boolean;
  /** What the service is doing; null before it has said so. */
  step: Step | null;
}

/** Asks for an answer that takes a while. Leaving the page, or asking again, ends what is computed. */
export function useComputed<Asked, Answered>(path: string): Computing<Asked, Answered> {
  const running = useRef<AbortController>(null);
  const [step, setStep] = useState<Step | null>(null);
  const { mutate, variables, data, error, isPending } = useMutation({
    mutationFn: async (asked: Asked) => {
      running.current?.abort();
      const { signal } = (running.current = new AbortController());
      setStep(null);
      try {
        return { data: await computed<Answered>(path, asked, { signal, onStep: (next) => !signal.aborted && setStep(next) }) };
      } catch (cause) {
        if (signal.aborted) return { data: undefined };
        throw cause;
      }
    },
  });
  useEffect(() => () => running.current?.abort(), []);
  return { ask: mutate, stop: () => running.current?.abort(), asked: variables, data: data?.data, error, isPending, isStopped: data !== undefined && data.data === undefined, step };
}

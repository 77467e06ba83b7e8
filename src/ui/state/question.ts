import { startTransition, useEffect, useState } from 'react';
import type { Questions } from '#core/session/contract.ts';
import { useDesk } from './desk.ts';

/** An answer with the question it belongs to. `stale` while a newer question is under way: show it, do not blank. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly stale: boolean;
  readonly error: Error | undefined;
}

interface Known<T> {
  readonly key: string;
  readonly questions: Questions;
  readonly value: T | undefined;
  readonly error: Error | undefined;
}

/**
 * Asks the session, and again whenever `key` changes or another dump is opened. The last answer stays until the next is there (no
 * flicker); answers that come too late are dropped. `ask` returning undefined means there is nothing to ask.
 */
export function useQuestion<T>(key: string, ask: (questions: Questions) => Promise<T> | undefined): Answer<T> {
  const questions = useDesk((desk) => desk.questions);
  const [known, setKnown] = useState<Known<T>>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is new on every render; `key` stands for what it asks.
  useEffect(() => {
    let dropped = false;
    const learn = (value: T | undefined, error: Error | undefined) => {
      if (!dropped && questions) startTransition(() => setKnown({ key, questions, value, error }));
    };
    const promise = questions && ask(questions);
    promise?.then(
      (value) => learn(value, undefined),
      (error: Error) => learn(undefined, error),
    );
    return () => {
      dropped = true;
    };
  }, [key, questions]);
  return { value: known?.value, stale: known?.key !== key || known.questions !== questions, error: known?.error };
}

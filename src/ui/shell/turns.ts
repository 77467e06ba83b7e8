import { useEffect, useState } from 'react';

const waiting: (() => void)[] = [];

/** Runs what waits one by one, each in a task of its own, so that input is heard in between. */
function takeTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setTimeout(takeTurn);
}

/** Runs `turn` in a task of its own, after those that wait already; the answer takes it back. */
export function queueTurn(turn: () => void): () => void {
  waiting.push(turn);
  if (waiting.length === 1) setTimeout(takeTurn);
  return () => {
    const at = waiting.indexOf(turn);
    if (at >= 0) waiting.splice(at, 1);
  };
}

/** False at first, true when the component's turn has come: panes are built one after another, not all in one long task. */
export function useTurn(): boolean {
  const [come, setCome] = useState(false);
  useEffect(() => queueTurn(() => setCome(true)), []);
  return come;
}

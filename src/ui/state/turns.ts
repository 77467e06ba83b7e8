import { startTransition, useEffect, useState } from 'react';

/**
 * Milliseconds of work after which the next turn waits until a frame has been drawn. What turns change in the page is styled, laid out
 * and painted in one task at the next frame, and that costs some three times what making it did: together they stay under 50 ms.
 */
const FRAME_SHARE_MS = 6;
/** A page that is not shown draws no frames: then turns go on without. */
const NO_FRAME_MS = 100;

const waiting: (() => void)[] = [];
/** Set while turns are being taken. */
let isTaking = false;
let frameBegan = 0;

/** Takes the first that waits; the next after it in a task of its own, or after the frame where this one's share is used up. */
function takeTurn(): void {
  const turn = waiting.shift();
  isTaking = turn !== undefined;
  turn?.();
  // What the turn set off is drawn by React in a task of its own, which comes before this one.
  if (turn) setTimeout(goOn);
}

function goOn(): void {
  if (performance.now() - frameBegan < FRAME_SHARE_MS) takeTurn();
  else if (waiting.length === 0) isTaking = false;
  else afterFrame(beginFrame);
}

function beginFrame(): void {
  frameBegan = performance.now();
  takeTurn();
}

/** Calls back once, in a task after the next frame. */
function afterFrame(call: () => void): void {
  let isCalled = false;
  const once = (): void => {
    if (!isCalled) call();
    isCalled = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, NO_FRAME_MS);
}

/** Runs `turn` in a task of its own, after those that wait already, so that input is heard in between; the answer takes it back. */
export function queueTurn(turn: () => void): () => void {
  waiting.push(turn);
  if (!isTaking) {
    isTaking = true;
    setTimeout(beginFrame);
  }
  return () => {
    const at = waiting.indexOf(turn);
    if (at >= 0) waiting.splice(at, 1);
  };
}

/** False at first, true when the component's turn has come: panes are built one after another, not all in one long task. */
export function useTurn(): boolean {
  const [come, setCome] = useState(false);
  useEffect(() => queueTurn(() => startTransition(() => setCome(true))), []);
  return come;
}

// The counting side on the caller's own thread, for hosts without worker threads (an editor in a browser): messages
// are worked off in short turns, with everything else let in between. Same line as to a worker.
import { CountDesk } from './countDesk.js';
import { type OpenLine, type ToCounter } from './countProtocol.js';

/** How long a turn may take before the thread is given free, milliseconds. */
const TURN_MS = 4;
/** Well under a turn's worth of counting. */
const UNITS_PER_TURN = 32_000;

export const countTurnsLine: OpenLine = (hear) => {
  let queue: ToCounter[] = [];
  let isPlanned = false;
  let isClosed = false;
  const desk = new CountDesk(
    (message) => {
      if (!isClosed) hear(message);
    },
    {
      unitsPerTurn: UNITS_PER_TURN,
      nowMs: () => performance.now(),
      later: (run, ms) => void setTimeout(() => void (isClosed || run()), ms),
    },
  );
  const turn = () => {
    isPlanned = false;
    const endMs = performance.now() + TURN_MS;
    let next = 0;
    while (next < queue.length && !isClosed && performance.now() < endMs) desk.hear(queue[next++]!);
    queue = queue.slice(next);
    plan();
  };
  const plan = () => {
    if (isPlanned || isClosed || queue.length === 0) return;
    isPlanned = true;
    setTimeout(turn, 0);
  };
  return {
    post: (message) => {
      queue.push(message);
      plan();
    },
    close: () => {
      isClosed = true;
      queue = [];
    },
  };
};

// The counting thread of an editor in a browser: a desk at the end of a web worker's port. Started by
// `countBrowserLine`; everything it needs arrives by message.
import { CountDesk } from './countDesk.js';
import { type FromCounter, type ToCounter } from './countProtocol.js';

/** About 20 ms of counting between two looks at the post. */
const UNITS_PER_TURN = 1_000_000;

const desk = new CountDesk((message: FromCounter) => self.postMessage(message), {
  unitsPerTurn: UNITS_PER_TURN,
  nowMs: () => performance.now(),
  later: (run, ms) => void setTimeout(run, ms),
});
self.onmessage = ({ data }: MessageEvent) => desk.hear(data as ToCounter);

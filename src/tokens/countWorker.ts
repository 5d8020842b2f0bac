// The counting thread of a desktop or remote editor: a desk at the end of a worker's port. Started by
// `countWorkerLine`; everything it needs arrives by message.
import { parentPort } from 'node:worker_threads';
import { CountDesk } from './countDesk.js';
import { type FromCounter, type ToCounter } from './countProtocol.js';

/** About 20 ms of counting between two looks at the post. */
const UNITS_PER_TURN = 1_000_000;

const port = parentPort;
if (port) {
  const desk = new CountDesk((message: FromCounter) => port.postMessage(message), {
    unitsPerTurn: UNITS_PER_TURN,
    nowMs: () => performance.now(),
    later: (run, ms) => void (ms > 0 ? setTimeout(run, ms) : setImmediate(run)),
  });
  port.on('message', (message: ToCounter) => desk.hear(message));
}

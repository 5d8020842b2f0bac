// Starts the counting thread of an editor in a browser and is the line to it. Where no thread may start (a strict
// content policy, an extension that a remote machine serves), counting goes on in turns on the caller's own.
import { type FromCounter, type OpenLine } from './countProtocol.js';
import { countTurnsLine } from './countTurnsLine.js';

/** The part of a web worker that is used. */
export type BrowserWorker = Pick<Worker, 'onmessage' | 'onerror' | 'postMessage' | 'terminate'>;

/** Lines to threads that `start` makes; it may throw. A thread that breaks before its first word is not tried again. */
export function countBrowserLine(start: () => BrowserWorker): OpenLine {
  let isRefused = false;
  return (hear, lost) => {
    const worker = isRefused ? undefined : started(start);
    if (!worker) {
      isRefused = true;
      return countTurnsLine(hear, lost);
    }
    let isClosed = false;
    let hasSpoken = false;
    worker.onmessage = ({ data }) => {
      hasSpoken = true;
      if (!isClosed) hear(data as FromCounter);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (isClosed) return;
      isClosed = true;
      isRefused ||= !hasSpoken;
      worker.terminate();
      lost(new Error(`The counting thread broke off: ${event.message || 'it could not be loaded'}`));
    };
    return {
      post: (message) => worker.postMessage(message),
      close: () => {
        isClosed = true;
        worker.terminate();
      },
    };
  };
}

function started(start: () => BrowserWorker): BrowserWorker | undefined {
  try {
    return start();
  } catch {
    return undefined;
  }
}

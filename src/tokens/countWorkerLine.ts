// Starts the counting thread and is the line to it. Knows worker_threads, and where the bundled worker lies only by
// what it is told; for a host without threads there is `countTurnsLine`.
import { Worker } from 'node:worker_threads';
import { type FromCounter, type OpenLine } from './countProtocol.js';

/** A line to a new thread that runs the bundled countWorker at `workerFile`. The thread does not keep the process alive. */
export function countWorkerLine(workerFile: string): OpenLine {
  return (hear, lost) => {
    const worker = new Worker(workerFile, { name: 'token counter' });
    let isClosed = false;
    const breakOff = (reason: Error) => {
      if (isClosed) return;
      isClosed = true;
      void worker.terminate();
      lost(reason);
    };
    worker.unref();
    worker.on('message', (message: FromCounter) => {
      if (!isClosed) hear(message);
    });
    worker.on('error', breakOff);
    worker.on('exit', (code) => breakOff(new Error(`The counting thread ended with code ${code}`)));
    return {
      post: (message) => worker.postMessage(message),
      close: () => {
        isClosed = true;
        void worker.terminate();
      },
    };
  };
}

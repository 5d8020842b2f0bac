// A long history is read and parsed in a thread of its own while this one writes: two processors, half the time. Starts
// that thread, passes on what comes, piece by piece, and lets it be no more than a few pieces ahead.
import { Worker } from 'node:worker_threads';
import { type LogEvent, type Place, type SkipReason } from '../agents/agent';
import { type LineJob } from './lineFiles';
import { type Mark, type MarkedFile } from './marks';

export type ReadingOrder = { readonly kind: 'read'; readonly jobs: readonly LineJob[] } | { readonly kind: 'written' };

/** Enough for a transaction: events, and the marks that say how far they go. */
export interface ReadPiece {
  readonly kind: 'piece';
  readonly files: readonly MarkedFile[];
  readonly events: readonly { readonly file: number; readonly event: LogEvent; readonly place: Place | undefined }[];
  readonly marks: readonly { readonly mark: Mark; readonly skips: ReadonlyMap<SkipReason, number> }[];
  readonly bytes: number;
}

export interface ReadingDone {
  readonly kind: 'done';
  readonly readBytes: number;
}

/** The thread could not do its work: it is to be done without one. */
export class ThreadFailure extends Error {}

/** Short-lived objects by the million: a small nursery keeps memory flat. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

/**
 * Answers how many bytes were read. `onPiece` is called for one piece at a time. A file that cannot be read is passed
 * over. Throws what `onPiece` throws, and `ThreadFailure`.
 */
export async function readBeside(
  workerPath: string,
  jobs: readonly LineJob[],
  onPiece: (piece: ReadPiece) => Promise<void>,
): Promise<number> {
  const worker = new Worker(workerPath, { resourceLimits });
  const order = (message: ReadingOrder) => worker.postMessage(message);
  let written = Promise.resolve();
  const take = async (piece: ReadPiece) => {
    await onPiece(piece);
    order({ kind: 'written' });
  };
  try {
    return await new Promise<number>((resolve, reject) => {
      const fail = (error: unknown) => reject(new ThreadFailure('the reading thread failed', { cause: error }));
      worker.on('error', fail);
      worker.on('exit', fail);
      worker.on('message', (message: ReadPiece | ReadingDone) => {
        written = written.then(() => (message.kind === 'piece' ? take(message) : resolve(message.readBytes)));
        written.catch(reject);
      });
      order({ kind: 'read', jobs });
    });
  } finally {
    await worker.terminate();
    // Nothing is written any more when the caller goes on.
    await written.catch(() => undefined);
  }
}

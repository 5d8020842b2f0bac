// Many files weighed, a few at a time, until there are no more or the person has had enough. Knows nothing of folders,
// and of counting only that it is handed.
import { type Estimate } from './estimate.js';

const AT_ONCE = 8;

export interface WeighedFiles<File> {
  readonly files: { readonly file: File; readonly figure: Estimate }[];
  /** Files without a figure: binary, too large, unreadable or not UTF-8. */
  readonly skipped: number;
}

export interface WeighOptions<File> {
  /** Undefined, or a rejection, for a file that cannot be counted. */
  readonly weigh: (file: File) => Promise<Estimate | undefined>;
  readonly isCancelled: () => boolean;
  /** How many have been weighed so far. */
  readonly onWeighed: (count: number) => void;
}

/** In the order in which they were done. Undefined = cancelled: half a result is none. */
export async function weighAll<File>(
  source: AsyncIterable<File>,
  { weigh, isCancelled, onWeighed }: WeighOptions<File>,
): Promise<WeighedFiles<File> | undefined> {
  const files: { file: File; figure: Estimate }[] = [];
  let skipped = 0;
  const running = new Set<Promise<void>>();
  for await (const file of source) {
    if (isCancelled()) break;
    const work = weigh(file)
      .catch(() => undefined)
      .then((figure) => {
        running.delete(work);
        if (figure) files.push({ file, figure });
        else skipped++;
        onWeighed(files.length);
      });
    running.add(work);
    if (running.size >= AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
  return isCancelled() ? undefined : { files, skipped };
}

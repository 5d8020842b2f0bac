// The file behind a path's links. Reads no file's contents.
import { realpath } from 'node:fs/promises';

/** Undefined where there is no file, or its links run in circles. */
export async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

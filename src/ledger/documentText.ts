// The text of a document whole, unpacked where it is a `.zst`. Node before 22.15 cannot unpack: then the file cannot be
// read, as one that is damaged.
import { readFileSync } from 'node:fs';
import * as zlib from 'node:zlib';

/** Unpacked; larger ones are passed over as unreadable. */
const largestUnpackedBytes = 128 * 1024 * 1024;

/** Throws errors of the file system; `EUNPACK` for what cannot be unpacked. */
export function documentText(path: string): string {
  const bytes = readFileSync(path);
  if (!path.endsWith('.zst')) return bytes.toString('utf8');
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: largestUnpackedBytes }).toString('utf8');
  } catch (cause) {
    throw Object.assign(new Error(`${path} cannot be unpacked`, { cause }), { code: 'EUNPACK' });
  }
}

// The edits of a burst as one flat list, the way they go to the counting side: to copy one list of numbers and texts
// costs the sending thread half of what objects with named fields cost. Knows nothing of documents or threads.
import { type Edit } from './documentCounter.js';

/** One event: its edits, whose offsets all mean the document before it, and the version and length after. */
export interface Change {
  readonly version: number;
  readonly edits: readonly Edit[];
  readonly length: number;
}

/** For each event: version, length, how many edits, and of each edit offset, removed, inserted. */
export type PackedChanges = readonly (number | string)[];

export function packChange(into: (number | string)[], { version, length, edits }: Change): void {
  into.push(version, length, edits.length);
  for (const { offset, removed, inserted } of edits) into.push(offset, removed, inserted);
}

/** The events, oldest first. */
export function unpackChanges(packed: PackedChanges): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < packed.length;) {
    const [version, length, count] = packed.slice(at, at + 3) as [number, number, number];
    at += 3;
    const edits: Edit[] = [];
    for (const end = at + 3 * count; at < end; at += 3) {
      const [offset, removed, inserted] = packed.slice(at, at + 3) as [number, number, string];
      edits.push({ offset, removed, inserted });
    }
    changes.push({ version, edits, length });
  }
  return changes;
}

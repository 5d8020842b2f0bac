// What the editor's thread and the counting one say to each other. Plain data only; knows nothing of either side.
import { type Counts } from './documentCounter.js';
import { type PackedChanges } from './packedChanges.js';
import { type Encoding } from './vocabulary.js';

/** Counts of one text, by the encodings asked for. */
export type CountsByEncoding = Readonly<Partial<Record<Encoding, Counts>>>;

/** Part of a document in UTF-16 offsets, `end` exclusive. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

export type ToCounter =
  | { readonly type: 'vocabulary'; readonly encoding: Encoding; readonly packed: Uint8Array }
  | { readonly type: 'encodings'; readonly encodings: readonly Encoding[] }
  /** A document's text follows in slices; what was known of it is forgotten. */
  | { readonly type: 'begin'; readonly documentId: string; readonly version: number; readonly length: number }
  | { readonly type: 'slice'; readonly documentId: string; readonly text: string }
  | { readonly type: 'changes'; readonly documentId: string; readonly packed: PackedChanges }
  | { readonly type: 'close'; readonly documentId: string }
  | {
      readonly type: 'count';
      readonly request: number;
      readonly documentId: string;
      readonly encodings: readonly Encoding[];
      /** Missing = the whole document. Several are summed, each as a text of its own. */
      readonly ranges?: readonly OffsetRange[];
    };

export type FromCounter =
  /** A vocabulary is needed to go on. */
  | { readonly type: 'need'; readonly encoding: Encoding }
  | {
      readonly type: 'counts';
      readonly documentId: string;
      readonly version: number;
      readonly counts: CountsByEncoding;
    }
  /** What the counter knows is not the document: its whole text, please. */
  | { readonly type: 'mismatch'; readonly documentId: string }
  /** `counts` is missing where the document is not known. */
  | { readonly type: 'answer'; readonly request: number; readonly version?: number; readonly counts?: CountsByEncoding }
  /** A vocabulary could not be used. */
  | { readonly type: 'broken'; readonly encoding: Encoding; readonly reason: string };

/** A line to the counting side, whichever thread it is on. */
export interface CounterLine {
  post(message: ToCounter): void;
  /** Ends the other side; nothing is heard from it afterwards. */
  close(): void;
}

/** Opens a line. `hear` gets every message; `lost` is called once if the other side breaks off by itself. */
export type OpenLine = (hear: (message: FromCounter) => void, lost: (reason: Error) => void) => CounterLine;

// Where the readers of logs put what they read: events, and the marks that say how far they go.
import { type LogEvent, type Place, type SkipReason } from '../agents/agent';
import { type Mark } from './marks';

export interface Sink {
  /** There is enough for a transaction: to be handed over. */
  readonly isFull: boolean;
  add(mark: Mark, event: LogEvent, place: Place | undefined): void;
  addBytes(count: number): void;
  /** How far a file has been read with the events added so far. */
  setMark(mark: Mark, skips: ReadonlyMap<SkipReason, number>): void;
  /** Hands over what was gathered, and lets others in. What it throws is no fault of a log's. */
  handOver(): Promise<void>;
}

/** The size in the mark of a file that has not been read to its end, or could not be: it is looked at again. */
export const unfinished = -1;

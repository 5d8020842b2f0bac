// What can be known of an estimate beyond the shipped one: a correction by the person's own logs, and words about it.
import type * as vscode from 'vscode';
import { type Estimate } from '../tokens/estimate';

export interface EstimateCorrections {
  readonly onDidChange: vscode.Event<void>;
  /** The estimate as the person's own texts have it; all others as they are. */
  refine(shipped: Estimate): Estimate;
  /** How it was checked; undefined where it was not. */
  words(shown: Estimate): string | undefined;
}

/** Estimates as they were shipped, where there are no logs to hold them against. */
export const shippedEstimates: EstimateCorrections = {
  onDidChange: () => ({ dispose: () => undefined }),
  refine: (shipped) => shipped,
  words: () => undefined,
};

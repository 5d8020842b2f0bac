// One line of the bench's table: what was measured, our figure, the peers', and whether the target holds.

export interface BenchRow {
  /** What was measured, with its unit. */
  readonly what: string;
  readonly ours: string;
  /** The same of other tools, by name. */
  readonly others?: Readonly<Record<string, string>>;
  /** Ours against the best of the others. */
  readonly ratio?: string;
  readonly target: string;
  readonly holds: boolean;
}

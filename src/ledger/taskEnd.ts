// When a task is over by itself: a commit was made since it began. A checkout, a fetched commit or an older one is none.

/** Where a repository stands. */
export interface HeadState {
  /** Undefined on a detached head. */
  readonly branch?: string;
  readonly commit?: string;
}

/** Did the branch move on? Then the new commit's own date decides. */
export function mayBeCommit(before: HeadState, after: HeadState): boolean {
  return after.commit !== undefined && after.commit !== before.commit && after.branch === before.branch;
}

/** Git's dates are whole seconds. */
export function endsTask(sinceMs: number, committedMs: number): boolean {
  return committedMs >= Math.floor(sinceMs / 1000) * 1000;
}

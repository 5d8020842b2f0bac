// What must not outlive a script, however it ends: servers, browsers, temporary folders. Last made, first undone.
const undos = new Set<() => void>();
let isListening = false;

/** Runs `undo` when the process ends, unless the returned function was called: it runs `undo` at once. */
export function atExit(undo: () => void): () => void {
  if (!isListening) {
    isListening = true;
    process.once('exit', () => {
      for (const each of [...undos].reverse()) each();
    });
    // A signal's own way of ending a process skips the line above.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  }
  undos.add(undo);
  return () => {
    if (undos.delete(undo)) undo();
  };
}

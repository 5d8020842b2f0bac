// Runs a piece of work that nobody awaits and logs what it throws. Background work never pops up.
import { type LogOutputChannel } from 'vscode';

export type Guard = (what: string, work: () => void | Promise<void>) => void;

/** `what` names the work in the log: "refresh the ledger". */
export function createGuard(log: LogOutputChannel): Guard {
  return (what, work) => {
    void (async () => {
      try {
        await work();
      } catch (error) {
        log.error(`could not ${what}:`, error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    })();
  };
}

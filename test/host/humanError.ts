// A failure that the person at the keyboard can mend: its message says how, so no stack is shown with it.
export class HumanError extends Error {}

/** Runs a script's main function: its failure becomes one line (or a stack, where nobody foresaw it) and exit code 1. */
export function runScript(main: () => Promise<number>): void {
  main().then(
    (exitCode) => process.exit(exitCode),
    (error: unknown) => {
      console.error(error instanceof HumanError ? error.message : error);
      process.exit(1);
    },
  );
}

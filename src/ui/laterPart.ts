// A part of the extension whose code stays on disk until the window has been idle for a moment, or until one of its
// commands is run: what is loaded at start-up stays small. Knows nothing of what the part does.
import * as vscode from 'vscode';
import { type Guard } from './guard';

/** After start-up, leave the first moments to the editor. */
const idleMs = 1500;

/**
 * `load` reads the code and registers all of the part, among it the `commands`, which are there at once. It is called
 * once; a part that cannot be loaded fails at each of its commands.
 */
export function registerLater(
  commands: readonly string[],
  load: () => Promise<() => vscode.Disposable>,
  guard: Guard,
): vscode.Disposable {
  let part: Promise<vscode.Disposable> | undefined;
  let isDisposed = false;
  const loadOnce = async (): Promise<vscode.Disposable> => {
    const register = await load();
    standIns.dispose();
    return isDisposed ? new vscode.Disposable(() => undefined) : register();
  };
  const loaded = (): Promise<vscode.Disposable> => (part ??= loadOnce());
  const standIns = vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command, async (...args: unknown[]) => {
        await loaded();
        return vscode.commands.executeCommand<unknown>(command, ...args);
      }),
    ),
  );
  const idle = setTimeout(() => guard('load a part', async () => void (await loaded())), idleMs);
  return new vscode.Disposable(() => {
    isDisposed = true;
    clearTimeout(idle);
    standIns.dispose();
    guard('unload a part', async () => void (await part)?.dispose());
  });
}

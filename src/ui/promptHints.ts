// Everything about prompts in the editor: lenses, hints, problems and fixes over one tracker.
import * as vscode from 'vscode';
import { registerHeadingHints } from './headingHints';
import { registerPromptDiagnostics } from './promptDiagnostics';
import { PromptTracker, type PromptTrackerDeps } from './promptFileTracker';
import { registerPromptFixes } from './promptFixes';
import { registerPromptLenses } from './promptLenses';

export interface PromptHintDeps extends PromptTrackerDeps {
  /** Of the workspace. */
  readonly memory: vscode.Memento;
}

export function registerPromptHints(deps: PromptHintDeps): vscode.Disposable {
  const tracker = new PromptTracker(deps);
  return vscode.Disposable.from(
    tracker,
    registerPromptLenses(tracker),
    registerHeadingHints(tracker),
    registerPromptDiagnostics(tracker),
    registerPromptFixes({ tracker, memory: deps.memory }),
  );
}

// Everything about prompts in the editor: lenses, hints, problems and fixes over one tracker.
import * as vscode from 'vscode';
import { type HabitSource } from './habits';
import { registerHeadingHints } from './headingHints';
import { NotedSavings } from './notedSavings';
import { registerPromptDiagnostics } from './promptDiagnostics';
import { PromptTracker, type PromptTrackerDeps } from './promptFileTracker';
import { registerPromptFixes } from './promptFixes';
import { registerPromptLenses } from './promptLenses';

export interface PromptHintDeps extends PromptTrackerDeps {
  readonly habits: HabitSource;
  /** Of the workspace. */
  readonly memory: vscode.Memento;
}

export function registerPromptHints(deps: PromptHintDeps): vscode.Disposable {
  const tracker = new PromptTracker(deps);
  const savings = new NotedSavings(deps.memory);
  return vscode.Disposable.from(
    tracker,
    savings,
    registerPromptLenses({ tracker, savings, habits: deps.habits }),
    registerHeadingHints(tracker),
    registerPromptDiagnostics(tracker),
    registerPromptFixes({ tracker, savings }),
  );
}

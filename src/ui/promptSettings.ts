// The settings about prompts, read for a document. Names and defaults are package.json's.
import * as vscode from 'vscode';
import { type Thresholds, defaultThresholds } from '../prompts/oversize';

export interface PromptSettings {
  /** Globs of files that are prompts, too. */
  readonly moreFiles: readonly string[];
  readonly showsLenses: boolean;
  readonly showsHeadings: boolean;
  /** Findings shown per file; 0 = none. */
  readonly mostProblems: number;
  readonly thresholds: Thresholds;
}

export function readPromptSettings(scope: vscode.ConfigurationScope): PromptSettings {
  const configuration = vscode.workspace.getConfiguration('tokenometer.prompts', scope);
  const percent = (name: string, fallback: number) => {
    const value = configuration.get<number>(name);
    return typeof value === 'number' && value > 0 ? value / 100 : fallback;
  };
  return {
    moreFiles: configuration.get<readonly string[]>('files', []),
    showsLenses: configuration.get('codeLens', true),
    showsHeadings: configuration.get('headingHints', true),
    mostProblems: configuration.get('problemsPerFile', 2),
    thresholds: {
      alwaysShare: percent('largeAlwaysLoaded', defaultThresholds.alwaysShare),
      onDemandShare: percent('largeOnDemand', defaultThresholds.onDemandShare),
      promptShare: percent('largePrompt', defaultThresholds.promptShare),
    },
  };
}

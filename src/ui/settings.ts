// The only reader of settings: VS Code's configuration in, one readonly object out. Knows names and defaults of
// package.json; judges no value that the core judges itself (prices, plans).
import * as vscode from 'vscode';
import { type AgentId } from '../agents/agent';
import { type MeterSubject, meterSubjects } from '../report/glance';

/** Which notices may pop up. */
export type NoticeChoice = 'all' | 'budgets' | 'runaway' | 'off';

export interface Settings {
  /** What the status-bar meter shows. */
  readonly meterShow: MeterSubject;
  /** As the user wrote them: read by ledger/budgetSetting.ts. */
  readonly budgets: unknown;
  readonly notices: NoticeChoice;
  /** For which documents the token count stands in the status bar. */
  readonly countFor: 'prompts' | 'always' | 'never';
  /** The model to count and price for; empty = the one the logs show in use here. */
  readonly model: string;
  readonly logFolders: Partial<Record<AgentId, readonly string[]>>;
  /** As the user wrote them: checked row by row by the price book. */
  readonly prices: {
    readonly overrides: unknown;
    readonly aliases: unknown;
    readonly flatRate: unknown;
    readonly plans: unknown;
  };
  /** A quiet item in the status bar once a week. */
  readonly weeklyReminder: boolean;
  readonly refreshPrices: 'off' | 'manual' | 'weekly';
  /** Whether a smaller model may be suggested unasked. */
  readonly suggests: 'quiet' | 'onRequest';
}

export const section = 'tokenometer';

/** One reading of all settings, for a resource where the setting can differ by folder. */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const configuration = vscode.workspace.getConfiguration(section, scope);
  const read = <T>(name: string, fallback: T): T => configuration.get<T>(name, fallback);
  return {
    meterShow: meterSubjects.find((subject) => subject === read<string>('meter.show', 'today')) ?? 'today',
    budgets: read<unknown>('budgets', {}),
    notices: read('meter.notices', 'all'),
    countFor: read('tokens.countFor', 'prompts'),
    model: read('tokens.model', '').trim(),
    logFolders: read('logs.folders', {}),
    prices: {
      overrides: read<unknown>('prices.overrides', []),
      aliases: read<unknown>('prices.aliases', {}),
      flatRate: read<unknown>('prices.flatRate', []),
      plans: read<unknown>('prices.plans', []),
    },
    weeklyReminder: read('report.weeklyReminder', false),
    refreshPrices: read('prices.refresh', 'off'),
    suggests: read('advisor.suggest', 'quiet'),
  };
}

/** Calls back with fresh settings after any change of ours. */
export function onDidChangeSettings(listener: (settings: Settings) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) listener(readSettings());
  });
}

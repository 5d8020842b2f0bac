// The meter with all that belongs to it: the item, its menu, budgets, the task at hand, notices, the hook. Puts them
// together; holds nothing else.
import * as vscode from 'vscode';
import { type Budget } from '../ledger/budget';
import { type LedgerClient } from '../ledger/ledgerClient';
import { registerBudgetCommands } from './budgets';
import { type Guard } from './guard';
import { registerHardCapHook } from './hardCapHook';
import { Meter } from './meter';
import { registerMeterMenu } from './meterMenu';
import { Spend, type SpendDeps } from './spend';
import { TaskBudget } from './taskBudget';

export interface OpenMeter {
  /** Looks at the logs at once. */
  look(): void;
  /** Of the task that runs here. */
  readonly taskBudget: () => Budget | undefined;
  readonly subscription: vscode.Disposable;
}

export function openMeter(deps: {
  readonly ledger: LedgerClient;
  /** Of this workspace. */
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly guard: Guard;
  /** Told once the logs have been read for the first time. */
  readonly models: { forget(): void };
  readonly switchLine: SpendDeps['switchLine'];
}): OpenMeter {
  const { ledger, memory, log, guard, models, switchLine } = deps;
  const onFirstReading = () => models.forget();
  const meter = new Meter();
  const task: TaskBudget = new TaskBudget({
    memory,
    guard,
    onChange: () => spend.look(),
    read: () => spend.taskState(),
  });
  const spend = new Spend({ ledger, meter, log, guard, onFirstReading, switchLine, taskBudget: () => task.budget });
  return {
    look: () => spend.look(),
    taskBudget: () => task.budget,
    subscription: vscode.Disposable.from(
      meter,
      spend,
      task,
      registerBudgetCommands(),
      registerMeterMenu({
        isTaskRunning: () => task.budget !== undefined,
        describe: () => meter.words,
        explains: () => meter.explains,
      }),
      registerHardCapHook(ledger),
    ),
  };
}

// From a model without a price to one with a price: two commands that write the person's own settings, where they can
// be read, changed and taken back.
import * as vscode from 'vscode';
import { formatCompact } from '../format';
import { type LedgerClient } from '../ledger/ledgerClient';
import { commands } from './commands';
import { locale } from './locale';
import { section } from './settings';
import { userTimeZone } from './userTimeZone';

export function registerPriceCommands(ledger: LedgerClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.addPrice, (model?: unknown) => addPrice(ledger, asModel(model))),
    vscode.commands.registerCommand(commands.treatAsKnownModel, (model?: unknown) =>
      treatAsKnown(ledger, asModel(model)),
    ),
  );
}

/** Commands are also called from links and by other extensions: an argument counts only if it is a text. */
function asModel(argument: unknown): string | undefined {
  return typeof argument === 'string' && argument.trim() !== '' ? argument.trim() : undefined;
}

async function addPrice(ledger: LedgerClient, given: string | undefined): Promise<void> {
  const { t } = vscode.l10n;
  const model = given ?? (await pickModel(ledger, t('Which model gets a price?')));
  if (model === undefined) return;
  const input = await askDollars(t('{0}: dollars per million input tokens', model));
  if (input === undefined) return;
  const output = await askDollars(t('{0}: dollars per million output tokens', model));
  if (output === undefined) return;
  const cacheRead = await askDollars(
    t('{0}: dollars per million cached input tokens (empty: like input)', model),
    true,
  );
  if (cacheRead === undefined) return;
  const row = { match: model, input, output, ...(cacheRead === 'none' ? {} : { cacheRead }) };
  const configuration = vscode.workspace.getConfiguration(section);
  const rows = configuration.inspect<unknown[]>('prices.overrides')?.globalValue ?? [];
  await configuration.update('prices.overrides', [...rows, row], vscode.ConfigurationTarget.Global);
}

async function treatAsKnown(ledger: LedgerClient, given: string | undefined): Promise<void> {
  const { t } = vscode.l10n;
  const model = given ?? (await pickModel(ledger, t('Which model is another one under another name?')));
  if (model === undefined) return;
  const known = await vscode.window.showQuickPick([...(await ledger.knownModels())], {
    title: t('{0} is priced as…', model),
    placeHolder: t('Type to search'),
  });
  if (known === undefined) return;
  const configuration = vscode.workspace.getConfiguration(section);
  const aliases = configuration.inspect<Record<string, string>>('prices.aliases')?.globalValue ?? {};
  await configuration.update('prices.aliases', { ...aliases, [model]: known }, vscode.ConfigurationTarget.Global);
}

/** The models in the log that have no price, or a free text where there are none. */
async function pickModel(ledger: LedgerClient, title: string): Promise<string | undefined> {
  const { rows } = await ledger.totals({ by: 'model', timeZone: userTimeZone() });
  const unpriced = rows.filter((row) => row.unpricedTokens > 0 && row.key !== '');
  if (unpriced.length === 0)
    return (
      (
        await vscode.window.showInputBox({
          title,
          prompt: vscode.l10n.t('Every model in your logs has a price. Name one to change it.'),
        })
      )?.trim() || undefined
    );
  const picked = await vscode.window.showQuickPick(
    unpriced.map((row) => ({
      label: row.key,
      description: vscode.l10n.t('{0} tokens unpriced', formatCompact(row.unpricedTokens, locale())),
    })),
    { title },
  );
  return picked?.label;
}

async function askDollars(title: string, optional: true): Promise<number | 'none' | undefined>;
async function askDollars(title: string): Promise<number | undefined>;
async function askDollars(title: string, optional = false): Promise<number | 'none' | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (optional && text.trim() === '') return undefined;
      const value = dollarsOf(text);
      return value === undefined ? vscode.l10n.t('A number, for example 2.50') : undefined;
    },
  });
  if (answer === undefined) return undefined;
  return answer.trim() === '' ? 'none' : dollarsOf(answer);
}

function dollarsOf(text: string): number | undefined {
  const value = Number(text.trim().replace(/^\$/, '').replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

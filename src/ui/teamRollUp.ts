// "Export Team Roll-Up…" and "Merge Team Roll-Ups…": sums that can be given away, opened as a document first, so that
// every field is read before anything is saved; and several people's files as one. Sends nothing anywhere.
import * as vscode from 'vscode';
import { addDays, dayOf } from '../ledger/calendar';
import { type LedgerClient } from '../ledger/ledgerClient';
import { mergeRollUps, type ProjectNames, readRollUp, type RollUp, rollUp, rollUpMarkdown } from '../report/teamRollUp';
import { commands } from './commands';
import { userTimeZone } from './userTimeZone';

const days = 90;
const mostBytes = 20_000_000;

export function registerTeamRollUp(ledger: LedgerClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.exportTeamRollUp, () => exportRollUp(ledger)),
    vscode.commands.registerCommand(commands.mergeTeamRollUps, () => merge()),
  );
}

async function exportRollUp(ledger: LedgerClient): Promise<void> {
  const { t } = vscode.l10n;
  const choices: (vscode.QuickPickItem & { projects: ProjectNames })[] = [
    { label: t('Without projects'), description: t('by week, agent and model only'), projects: 'none' },
    { label: t('With project names'), description: t('the last part of each folder'), projects: 'names' },
    { label: t('With project paths'), description: t('whole folders, as on this machine'), projects: 'paths' },
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title: t('Team roll-up of the last {0} days: what may it name?', String(days)),
  });
  if (!picked) return;
  await ledger.refresh();
  const until = dayOf(Date.now(), userTimeZone());
  const since = addDays(until, 1 - days);
  const facts = await ledger.teamFacts({ since, until, timeZone: userTimeZone() });
  await open('json', `${JSON.stringify(rollUp(facts, { since, until, projects: picked.projects }), undefined, 2)}\n`);
}

/** A document of the person's own: what is in it is all there is, and saving it is theirs to do. */
async function open(language: string, content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }), {
    preview: false,
  });
}

async function merge(): Promise<void> {
  const { t } = vscode.l10n;
  const files = await vscode.window.showOpenDialog({
    canSelectMany: true,
    filters: { [t('Team roll-ups')]: ['json'] },
    openLabel: t('Merge'),
  });
  if (!files || files.length === 0) return;
  const parts: RollUp[] = [];
  for (const file of files) {
    const read = await readFile(file);
    if ('problem' in read) {
      void vscode.window.showErrorMessage(read.problem);
      return;
    }
    parts.push(read);
  }
  const merged = mergeRollUps(parts);
  await open('json', `${JSON.stringify(merged, undefined, 2)}\n`);
  await open(
    'markdown',
    rollUpMarkdown(merged, (words, ...values) => t(words, ...values), vscode.env.language),
  );
}

async function readFile(file: vscode.Uri): Promise<RollUp | { readonly problem: string }> {
  const { t } = vscode.l10n;
  const name = vscode.workspace.asRelativePath(file);
  try {
    if ((await vscode.workspace.fs.stat(file)).size > mostBytes)
      return { problem: t('{0} is too large to be a team roll-up.', name) };
    const read = readRollUp(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    if (!('problem' in read)) return read;
    return {
      problem:
        read.problem === 'newer'
          ? t('{0} was written by a newer version of Tokenometer: update this one.', name)
          : t('{0} is not a team roll-up of Tokenometer’s.', name),
    };
  } catch {
    return { problem: t('{0} cannot be read.', name) };
  }
}

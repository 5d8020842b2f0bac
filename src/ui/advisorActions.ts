// What a person can do with a hint, from its hover, its list or the palette: copy the agent's command, say that the job
// is not small, hide the kind, turn hints off and on; and ask what changing the model would cost now.
import * as vscode from 'vscode';
import { type NoHint } from '../advisor/advice';
import { modelName } from '../advisor/modelNames';
import { noticeGiven, recordAsked, recordFate, switchOn, type HintFate } from '../advisor/learning';
import { folderOfDocument, type Advisor } from './advisor';
import {
  actCommand,
  showCommand,
  suggestsUnasked,
  type AdvisorAction,
  type AdvisorLenses,
  type ShownHint,
} from './advisorLenses';
import { type AdvisorMemory } from './advisorMemory';
import {
  effortOf,
  hintWords,
  nextCallWords,
  paybackWords,
  silenceWords,
  switchOf,
  switchWarningWords,
} from './advisorWords';
import { commands } from './commands';
import { section } from './settings';

export interface AdvisorActionDeps {
  readonly advisor: Advisor;
  readonly memory: AdvisorMemory;
  readonly lenses: AdvisorLenses;
}

/** One that stands above a document, or one that was asked for: that has no id. */
type OfferedHint = Omit<ShownHint, 'id'> & { readonly id?: string };

export class AdvisorActions implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(private readonly deps: AdvisorActionDeps) {
    const { commands: registry } = vscode;
    this.subscription = vscode.Disposable.from(
      registry.registerCommand(actCommand, (action: AdvisorAction, uri: string) => this.actOn(action, uri)),
      registry.registerCommand(showCommand, (uri: vscode.Uri) => this.showAdvice(uri)),
      registry.registerCommand(commands.suggestModel, () => this.suggest()),
      registry.registerCommand(commands.switchCost, () => this.switchCost()),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** Says once that the hints have turned themselves off. */
  async tellIfOff(): Promise<void> {
    const { t } = vscode.l10n;
    const { memory } = this.deps;
    if (memory.learning.owesNotice !== true) return;
    await memory.learn(noticeGiven);
    const again = t('Switch On Again');
    const answer = await vscode.window.showInformationMessage(
      t(
        'Tokenometer’s small-job hints turned themselves off: on your own prompts they were right less than 55 % of the time. “Suggest a Model” still answers when asked.',
      ),
      again,
    );
    if (answer === again) await this.switchOnAgain();
  }

  private async showAdvice(uri: vscode.Uri): Promise<void> {
    const shown = this.deps.lenses.shownOn(uri);
    if (shown) await this.pickFrom(shown, uri);
  }

  private async actOn(action: AdvisorAction, address: string): Promise<void> {
    const uri = vscode.Uri.parse(address);
    const shown = this.deps.lenses.shownOn(uri);
    if (shown) await this.act(action, shown, uri);
  }

  private async act(
    action: AdvisorAction,
    { id, hint, place }: OfferedHint,
    uri: vscode.Uri | undefined,
  ): Promise<void> {
    const { memory, lenses } = this.deps;
    const fate = async (what: HintFate) => {
      await memory.learn((state) =>
        id === undefined ? recordAsked(state, hint.pattern, what, Date.now()) : recordFate(state, id, what, Date.now()),
      );
      if (uri && what !== 'used') lenses.withdraw(uri);
    };
    switch (action) {
      case 'copy':
        await copy(switchOf(hint, place.offers).text);
        return fate('used');
      case 'copy-effort':
        await copy(effortOf(hint)?.text ?? '');
        return fate('used');
      case 'not-small':
      case 'hide-kind':
        return fate(action);
      case 'off':
        await vscode.workspace
          .getConfiguration(section)
          .update('advisor.suggest', 'onRequest', vscode.ConfigurationTarget.Global);
    }
  }

  /** Of the selection, else of the whole text of the active editor. */
  private async suggest(): Promise<void> {
    const { t } = vscode.l10n;
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      void vscode.window.showInformationMessage(t('Open a prompt, or select its text, and ask again.'));
      return;
    }
    const { document, selection } = editor;
    const text = document.getText(selection.isEmpty ? undefined : selection);
    const folder = folderOfDocument(document);
    const advice = await this.deps.advisor.adviceOn(text, folder);
    if (advice.kind === 'silence') return this.explainSilence(advice, folder);
    const standing = selection.isEmpty ? this.deps.lenses.shownOn(document.uri) : undefined;
    const { place, ...hint } = advice;
    await this.pickFrom(standing ?? { hint, place }, selection.isEmpty ? document.uri : undefined);
  }

  private async explainSilence(advice: NoHint, folder: string | undefined): Promise<void> {
    const warning = advice.why === 'saving-too-small' ? await this.deps.advisor.switchWarning(folder) : undefined;
    const words = warning ? switchWarningWords(warning, warning.agent) : silenceWords(advice);
    const again = vscode.l10n.t('Switch Hints On Again');
    const answer = await vscode.window.showInformationMessage(words, ...(this.isMuted() ? [again] : []));
    if (answer === again) await this.switchOnAgain();
  }

  private isOff(): boolean {
    return !suggestsUnasked() || this.deps.memory.learning.off !== undefined;
  }

  /** Something is off or hidden that can be had again. */
  private isMuted(): boolean {
    const muted = Object.values(this.deps.memory.learning.mutedUntilMs);
    return this.isOff() || muted.some((untilMs) => untilMs > Date.now());
  }

  private async switchOnAgain(): Promise<void> {
    const { memory, lenses } = this.deps;
    await memory.learn(() => switchOn(Date.now()));
    const settings = vscode.workspace.getConfiguration(section);
    if (!suggestsUnasked()) await settings.update('advisor.suggest', undefined, vscode.ConfigurationTarget.Global);
    lenses.refresh();
  }

  private async pickFrom(shown: OfferedHint, uri: vscode.Uri | undefined): Promise<void> {
    const { t } = vscode.l10n;
    const { learning, study } = this.deps.memory;
    const words = hintWords(shown.hint, learning, study);
    const effort = effortOf(shown.hint);
    const items: (vscode.QuickPickItem & { readonly action?: AdvisorAction | 'on' })[] = [
      { label: t('Copy {0}', switchOf(shown.hint, shown.place.offers).text), action: 'copy' },
      ...(effort ? [{ label: t('Copy {0}', effort.text), action: 'copy-effort' as const }] : []),
      { label: t('Not Small'), description: t('mutes this kind for 30 days'), action: 'not-small' },
      { label: t('Hide for This Kind'), description: t('for good'), action: 'hide-kind' },
      ...(this.isOff()
        ? []
        : [{ label: t('Off'), description: t('hints only when asked for'), action: 'off' as const }]),
      ...(this.isMuted()
        ? [{ label: t('Switch Hints On Again'), description: t('nothing hidden'), action: 'on' as const }]
        : []),
      { label: t('Why, and how sure'), kind: vscode.QuickPickItemKind.Separator },
      ...words.reasons.slice(0, 3).map((label) => ({ label })),
      ...words.accuracy.map((label) => ({ label })),
      { label: words.saving, detail: words.basis },
      { label: words.limits },
    ];
    const picked = await vscode.window.showQuickPick(items, { title: words.title });
    if (picked?.action === 'on') await this.switchOnAgain();
    else if (picked?.action) await this.act(picked.action, shown, uri);
  }

  private async switchCost(): Promise<void> {
    const { t } = vscode.l10n;
    const folder = folderOfDocument(vscode.window.activeTextEditor?.document);
    const warnings = await this.deps.advisor.switchWarnings(folder);
    if (warnings.length === 0) {
      void vscode.window.showInformationMessage(
        t(
          'No session is warm here, or its prices are not known: changing the model now costs nothing extra that could be named.',
        ),
      );
      return;
    }
    const main = await this.deps.advisor.switchWarning(folder);
    await vscode.window.showQuickPick(
      warnings.map((warning) => {
        const detail = paybackWords(warning);
        return {
          label: modelName(warning.to.id),
          description: nextCallWords(warning),
          ...(detail === undefined ? {} : { detail }),
        };
      }),
      {
        title: t('What changing the model now would cost'),
        placeHolder: main
          ? switchWarningWords(main, main.agent)
          : t('This session is in use on {0}.', modelName(warnings[0]!.from.id)),
      },
    );
  }
}

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', text), 3000);
}

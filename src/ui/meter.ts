// The one status item of the extension's spend: short text, the rest in the tooltip and the accessible label.
// Shows what it is given; asks nothing itself.
import * as vscode from 'vscode';
import { type BudgetLevel } from '../ledger/budget';
import { glanceOf, type GlanceShown, type MeterSubject } from '../report/glance';
import { commands } from './commands';
import { machineWords } from './machineWords';
import { meterTooltip, type TooltipFacts } from './meterTooltip';
import { shownText, spokenLabel } from './meterWords';

/** What the meter may be asked to show. */
export type MeterState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'no-logs' }
  | { readonly kind: 'failed'; readonly why: string }
  | {
      readonly kind: 'facts';
      readonly facts: TooltipFacts;
      readonly subject: MeterSubject;
      readonly nowMs: number;
      readonly timeZone: string;
    };

export class Meter implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tokenometer.meter', vscode.StatusBarAlignment.Left, 1);

  /** The day or the session that the figure in the status bar is of, for its explanation. */
  explains: string | undefined;

  constructor() {
    this.item.name = vscode.l10n.t('Tokenometer: Spend');
    this.show({ kind: 'reading' });
    this.item.show();
  }

  /** What stands in the status bar, without its icon. */
  get words(): string {
    return vscode.l10n.t('Tokenometer: {0}', this.item.text.replace(/^\$\([\w-]+\) /, ''));
  }

  show(state: MeterState): void {
    const { text, label, tooltip, command, explains, level = 'calm' } = face(state);
    this.explains = explains;
    // The icon changes with the colour: one high-contrast theme has no such colours, and not everyone sees them.
    this.item.text = `$(${level === 'calm' ? 'pulse' : level === 'near' ? 'warning' : 'error'}) ${text}`;
    this.item.backgroundColor = background(level);
    this.item.accessibilityInformation = { label, role: 'button' };
    this.item.tooltip = tooltip;
    this.item.command = command;
  }

  dispose(): void {
    this.item.dispose();
  }
}

function background(level: BudgetLevel): vscode.ThemeColor | undefined {
  if (level === 'calm') return undefined;
  return new vscode.ThemeColor(level === 'near' ? 'statusBarItem.warningBackground' : 'statusBarItem.errorBackground');
}

interface Face {
  readonly text: string;
  readonly label: string;
  readonly tooltip: string | vscode.MarkdownString;
  readonly command: string;
  readonly explains?: string;
  readonly level?: BudgetLevel;
}

function face(state: MeterState): Face {
  switch (state.kind) {
    case 'reading': {
      const words = vscode.l10n.t('Tokenometer is reading the agents’ logs for the first time');
      return { text: vscode.l10n.t('reading logs…'), label: words, tooltip: words, command: commands.showMeterMenu };
    }
    case 'no-logs': {
      const words = vscode.l10n.t(
        'No agent logs found yet on {0}. Click to see where Tokenometer looked.',
        machineWords(),
      );
      return { text: vscode.l10n.t('no agent logs yet'), label: words, tooltip: words, command: commands.showDoctor };
    }
    case 'failed': {
      const words = vscode.l10n.t(
        'Tokenometer cannot read its store ({0}). Click to see what was looked for.',
        state.why.replace(/\.$/, ''),
      );
      return { text: vscode.l10n.t('no figures'), label: words, tooltip: words, command: commands.showDoctor };
    }
    case 'facts': {
      const { facts, subject, nowMs, timeZone } = state;
      const { shown, level } = glanceOf(facts, subject);
      return {
        text: shownText(shown),
        label: spokenLabel(facts, shown),
        tooltip: meterTooltip(facts, nowMs, timeZone),
        command: commands.showMeterMenu,
        explains: ofSession(shown) && facts.session ? facts.session.sessionId : facts.day,
        level,
      };
    }
  }
}

function ofSession(shown: GlanceShown): boolean {
  if (shown.kind === 'budget') return shown.state.budget.period === 'session';
  return shown.kind === 'session' || shown.kind === 'context';
}

// The report's page in an editor tab: makes the webview, answers what its script asks for, and gives it back after a
// reload. Loads nothing but the two files of media/report; decides nothing about figures.
import * as vscode from 'vscode';
import { type AgentId } from '../agents/agent';
import { type LedgerClient } from '../ledger/ledgerClient';
import { pageModel, pageQuery } from '../report/pageModel';
import { type PageRequest, type PageSection, type PageSurroundings, type PageText } from '../report/pageShapes';
import { passportQuery } from '../report/passport';
import { commands } from './commands';
import { oneLine } from '../report/oneLine';
import { requestOf, sumNameOf, type PageFilters } from './reportPeriods';
import { reportPageHtml } from './reportPageHtml';
import { reportSurroundings } from './reportSurroundings';
import { userTimeZone } from './userTimeZone';

const viewType = 'tokenometer.report';

export type LaterSections = (request: PageRequest, around: PageSurroundings) => Promise<readonly PageSection[]>;

export class ReportPanel implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private panel: vscode.WebviewPanel | undefined;
  /** What the page shows now; for exports. */
  private filters: PageFilters = {};
  private drawing = 0;

  constructor(
    private readonly ledger: LedgerClient,
    private readonly extensionUri: vscode.Uri,
    /** Sections that stand at the page's end once they are ready. */
    private readonly later: readonly LaterSections[] = [],
  ) {
    this.subscription = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => {
          this.adopt(panel);
          return Promise.resolve();
        },
      }),
      { dispose: () => void this.panel?.dispose() },
    );
  }

  /** What the page is filtered to; everything where it was never opened. */
  get shown(): PageFilters {
    return this.filters;
  }

  show(): void {
    if (this.panel) {
      this.panel.reveal();
      void this.panel.webview.postMessage({ kind: 'again' });
      return;
    }
    const title = vscode.l10n.t('Cost Report');
    this.adopt(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    const folder = vscode.Uri.joinPath(this.extensionUri, 'media', 'report');
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const listening = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: unknown) => this.answer(panel, message)),
      panel.onDidDispose(() => {
        listening.dispose();
        if (this.panel === panel) this.panel = undefined;
      }),
    );
    panel.webview.html = reportPageHtml(panel.webview, folder);
  }

  /** Messages are data of a page: each is checked before anything is done for it. */
  private async answer(panel: vscode.WebviewPanel, message: unknown): Promise<void> {
    const { kind, ...rest } = Object(message) as Record<string, unknown>;
    if (kind === 'show') await this.draw(panel, Object(rest['request']) as Record<string, unknown>);
    else if (kind === 'read') await this.read(panel, rest['id'], Object(rest['text']) as Record<string, unknown>);
    else if (kind === 'explain' && typeof rest['target'] === 'string')
      await vscode.commands.executeCommand(commands.explain, rest['target']);
    else if (kind === 'why') {
      const of = sumNameOf(Object(rest['of']) as Record<string, unknown>);
      const { request } = requestOf(Object(rest['request']) as Record<string, unknown>, Date.now(), userTimeZone());
      if (of) await vscode.commands.executeCommand(commands.explain, passportQuery(request, of, userTimeZone()));
    } else if (kind === 'command') {
      const name = rest['name'];
      const argument = typeof rest['argument'] === 'string' ? [rest['argument']] : [];
      if (name === 'addPrice' || name === 'treatAsKnownModel' || name === 'showDoctor')
        await vscode.commands.executeCommand(commands[name], ...argument);
    }
  }

  private async draw(panel: vscode.WebviewPanel, asked: Record<string, unknown>): Promise<void> {
    try {
      const timeZone = userTimeZone();
      const { request, filters } = requestOf(asked, Date.now(), timeZone);
      const drawing = ++this.drawing;
      this.filters = filters;
      await this.ledger.refresh();
      const [facts, around] = await Promise.all([
        this.ledger.pageFacts(pageQuery(request, timeZone)),
        reportSurroundings(this.ledger),
      ]);
      const model = pageModel(facts, request, around);
      // The page has been asked for something else meanwhile: that answer is on its way.
      if (drawing !== this.drawing) return;
      await panel.webview.postMessage({ kind: 'model', model });
      if (model.isEmpty) return;
      const parts = await Promise.allSettled(this.later.map((sections) => sections(request, around)));
      const sections = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
      if (drawing === this.drawing) await panel.webview.postMessage({ kind: 'later', sections });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await panel.webview.postMessage({
        kind: 'failed',
        why: vscode.l10n.t('Tokenometer cannot show this now: {0}', why),
      });
    }
  }

  /** A session's title, or the opening of a prompt, straight from the log to the page. */
  private async read(panel: vscode.WebviewPanel, id: unknown, asked: Record<string, unknown>): Promise<void> {
    const wanted = asked as Partial<PageText>;
    if (typeof wanted.agent !== 'string') return;
    // An id that no agent has finds no text.
    const agent = wanted.agent as AgentId;
    try {
      const title =
        typeof wanted.sessionId === 'string' ? await this.ledger.sessionTitle(agent, wanted.sessionId) : undefined;
      const text =
        title ??
        (typeof wanted.promptKey === 'string' ? await this.ledger.promptText(agent, wanted.promptKey) : undefined);
      if (text !== undefined) await panel.webview.postMessage({ kind: 'text', id, text: oneLine(text) });
    } catch {
      // The words are an extra: without them the cell keeps its date or id.
    }
  }
}

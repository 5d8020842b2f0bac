// One window of VS Code in a page, spoken of as a person sees it: status bar, palette, editor, hovers, problems.
// Knows the workbench's markup so that tests do not; waits for things as a person does.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Locator, type Page } from 'playwright-core';
import { eventually } from './eventually';
import { screenshotFolder } from './folders';

/** The extension's own prefix to the ids of its status-bar items, as the workbench writes them. */
const extensionId = 'tokenometer.tokenometer';
const startTimeoutMs = 120_000;
/** How long a person would wait for an answer to a click before calling it broken; a busy machine's seconds are long. */
const actTimeoutMs = 30_000;
/** The label of each row of a quick pick, without its keys and description. */
const rowLabels = '.monaco-list-row .quick-input-list-row:first-child .label-name';
const modifier = process.platform === 'darwin' ? 'Meta' : 'Control';

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** The newest VS Code's name of each, and the workbench's own mark of its kind. */
const themes: Readonly<Record<Theme, { readonly name: string; readonly kind: string }>> = {
  dark: { name: 'Dark 2026', kind: 'vs-dark' },
  light: { name: 'Light 2026', kind: 'vs' },
  'hc-dark': { name: 'Dark High Contrast', kind: 'hc-black' },
  'hc-light': { name: 'Light High Contrast', kind: 'hc-light' },
};

/** What a page says of a line of an editor. */
interface LineElement {
  readonly style: { readonly top: string };
  readonly textContent: string;
}

export class Workbench {
  private readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.setDefaultTimeout(actTimeoutMs);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'commit', timeout: startTimeoutMs });
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: startTimeoutMs });
  }

  /** Waits until the extension has come up: its meter stands in the status bar. */
  async waitForExtension(): Promise<void> {
    await this.statusItem('tokenometer.meter')
      .waitFor({ timeout: startTimeoutMs })
      .catch((error: unknown) => {
        throw new Error(`The extension did not come up. The workbench said:\n${this.words().join('\n')}`, {
          cause: error,
        });
      });
  }

  /** The workbench's own warnings and errors that concern this extension, and its last few. */
  words(): readonly string[] {
    return [...this.complaints.filter((text) => /tokenometer/i.test(text)), ...this.complaints.slice(-5)];
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Writes `.vscode-test/screenshots/<name>.png` and returns its path. */
  async takePicture(name: string): Promise<string> {
    fs.mkdirSync(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name.replace(/[^\p{L}\p{N} ().,=-]/gu, '_').slice(0, 150)}.png`);
    await this.page.screenshot({ path: file, timeout: 60_000 });
    return file;
  }

  // Status bar

  /** One of the extension's items, by the id the extension gave it. */
  statusItem(id: string): Locator {
    return this.page.locator(`[id="${extensionId}.${id}"]`);
  }

  /** The item's words without its icon; waits for the item. */
  async statusText(id: string, timeoutMs = actTimeoutMs): Promise<string> {
    const item = this.statusItem(id);
    await item.waitFor({ timeout: timeoutMs });
    return tidy(await item.innerText());
  }

  /** Waits until the item's words match, and returns them. */
  async waitForStatusText(id: string, pattern: RegExp, timeoutMs = 2 * actTimeoutMs): Promise<string> {
    return eventually(async () => {
      const text = await this.statusText(id, timeoutMs);
      if (!pattern.test(text)) throw new Error(`The status bar's ${id} says "${text}", not ${String(pattern)}`);
      return text;
    }, timeoutMs);
  }

  /** What a screen reader says of it. */
  async statusLabel(id: string): Promise<string> {
    return tidy((await this.statusItem(id).getAttribute('aria-label')) ?? '');
  }

  /** Rests the pointer on the item and reads the hover. */
  async statusTooltip(id: string): Promise<string> {
    return eventually(async () => {
      // A hover that something took away comes again only to a pointer that has been elsewhere.
      await this.page.mouse.move(0, 0);
      await this.statusItem(id).hover();
      return this.hoverText(5000);
    }, actTimeoutMs);
  }

  async clickStatus(id: string): Promise<void> {
    await this.statusItem(id).locator('a').first().click();
  }

  /** The words of the whole status bar, left to right. */
  async statusBar(): Promise<readonly string[]> {
    const texts = await this.page.locator('.statusbar-item').allInnerTexts();
    return texts.map(tidy).filter((text) => text !== '');
  }

  // Commands, quick picks and input boxes

  /** Runs a command by its full title in the palette, e.g. "Tokenometer: Show Cost Report". */
  async runCommand(title: string): Promise<void> {
    await eventually(async () => {
      await this.openPalette(title);
      const labels = await this.quickPickLabels();
      const index = labels.indexOf(title);
      if (index < 0) throw new Error(`The palette offers ${labels.join(', ')} for "${title}"`);
      await this.quickInput.locator('.monaco-list-row').nth(index).click({ timeout: 5000 });
    }, 60_000);
  }

  /** The titles that the palette offers for a search. */
  async commandTitles(search: string): Promise<readonly string[]> {
    await this.openPalette(search);
    const titles = await this.quickPickLabels();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** The labels of the open quick pick. */
  async quickPickLabels(): Promise<readonly string[]> {
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    const labels = await this.quickInput.locator(rowLabels).allInnerTexts();
    return labels.map(tidy);
  }

  /** The rows of the open quick pick with all their words. */
  async quickPickRows(): Promise<readonly string[]> {
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    return (await this.quickInput.locator('.monaco-list-row').allInnerTexts()).map(tidy);
  }

  /** Chooses the entry of the open quick pick whose label begins with `label`. */
  async pick(label: string): Promise<void> {
    await this.quickInput.locator('.monaco-list-row', { hasText: label }).first().click();
  }

  /** Types into the open input box and confirms. */
  async answer(text: string): Promise<void> {
    await this.quickInput.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  private get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  private async openPalette(search: string): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('F1');
    await this.quickInput.locator('input').first().fill(`>${search}`);
  }

  /** Gives the window another theme, by its name in the list of themes, e.g. "Dark High Contrast". */
  async changeTheme(theme: Theme): Promise<void> {
    const { name, kind } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.locator('input').first().fill(name);
    await this.quickInput.locator('.monaco-list-row.focused', { hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  // Notifications

  /** The texts of the notifications on the screen. */
  async notifications(): Promise<readonly string[]> {
    const texts = await this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
    return texts.map(tidy);
  }

  async clickNotificationButton(label: string): Promise<void> {
    await this.page.locator('.notification-toast .monaco-button', { hasText: label }).first().click();
  }

  /** Presses a button of the dialog that waits for an answer, once its text holds `part`. */
  async answerDialog(part: string, button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box', { hasText: part });
    await dialog.locator('.monaco-button', { hasText: button }).first().click();
  }

  // Editors

  /** Opens a file of the folder from the explorer's side: by its absolute path. */
  async openFile(file: string): Promise<void> {
    const name = path.basename(file);
    await eventually(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(`${modifier}+P`);
      await this.quickInput.locator('input').first().fill(file);
      // The list shows what was open last until it has heard of the text.
      const first = this.quickInput.locator('.monaco-list-row').first();
      await first.filter({ hasText: name }).waitFor({ timeout: 5000 });
      await this.page.keyboard.press('Enter');
      await this.page.locator('.part.editor .tab.active', { hasText: name }).first().waitFor({ timeout: 5000 });
    }, 60_000);
    await this.waitForEditor(name);
  }

  /** Opens a file at the top of the Explorer by its name, to stay: where no quick open finds files. */
  async openFromExplorer(name: string): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await this.waitForEditor(name);
  }

  /** Opens an empty untitled document. */
  async newFile(): Promise<void> {
    await this.runCommand('File: New Untitled Text File');
    await this.waitForEditor('Untitled');
  }

  /** Waits for an active editor tab whose label holds `title`, and puts the focus in its text if it has one. */
  async waitForEditor(title: string): Promise<void> {
    const tab = this.page.locator('.part.editor .tab.active', { hasText: title }).first();
    await tab.waitFor({ timeout: 60_000 });
  }

  /** The labels of the open tabs. */
  async tabs(): Promise<readonly string[]> {
    return (await this.page.locator('.part.editor .tab').allInnerTexts()).map(tidy);
  }

  /** Types a text as it is, without the editor's indenting and bracket closing, at the cursor. */
  async insert(text: string): Promise<void> {
    await this.editor.locator('textarea.inputarea, .native-edit-context').first().focus();
    await this.page.keyboard.insertText(text);
  }

  /** Types key by key, as a person does. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses keys of VS Code's own, e.g. "Mod+A": Mod is Ctrl, on macOS Cmd. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys.replace('Mod', modifier));
  }

  /** The lines of the active editor that are on the screen, with what is shown in them. */
  async editorText(): Promise<string> {
    // The workbench recycles the elements of lines: their order in the page is not that on the screen. All in one look,
    // since one of them may go at any moment.
    const lines = await this.editor
      .locator('.view-line')
      .evaluateAll((elements: unknown) =>
        (elements as readonly LineElement[]).map((line) => [line.style.top, line.textContent] as const),
      );
    const sorted = [...lines].sort(([a], [b]) => parseFloat(a) - parseFloat(b)).map(([, text]) => text);
    return sorted.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The code lenses on the screen, top to bottom. */
  async codeLenses(): Promise<readonly string[]> {
    return (await this.editor.locator('.codelens-decoration').allInnerTexts()).map(tidy);
  }

  /** What the code lenses on the screen say when one rests on them. */
  async codeLensTooltips(): Promise<readonly string[]> {
    const links = await this.editor.locator('.codelens-decoration a').all();
    return Promise.all(links.map(async (link) => (await link.getAttribute('title')) ?? ''));
  }

  async clickCodeLens(label: string): Promise<void> {
    await this.editor.locator('.codelens-decoration a', { hasText: label }).first().click();
  }

  /** Rests the pointer on a text of the active editor and reads the hover. */
  async hoverOver(text: string): Promise<string> {
    await this.editor.locator('.view-line span', { hasText: text }).last().hover();
    return this.hoverText();
  }

  /** Opens the quick fixes at the cursor and reads their titles. */
  async quickFixes(): Promise<readonly string[]> {
    await this.press('Mod+.');
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    // Where the finding was not there yet, the list stays away: better to ask again soon.
    await rows.first().waitFor({ timeout: 6000 });
    return (await rows.allInnerTexts()).map(tidy);
  }

  /** Chooses one of the quick fixes that `quickFixes` opened. */
  async applyQuickFix(title: string): Promise<void> {
    await this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first().click();
  }

  /** The rows of the Problems panel. */
  async problems(): Promise<readonly string[]> {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.press('Mod+Shift+M');
    await panel.waitFor();
    return (await panel.locator('.monaco-list-row').allInnerTexts()).map(tidy);
  }

  /** Goes to the active editor's next problem and reads what is said there; the message is closed again. */
  async nextProblem(): Promise<string> {
    await this.press('F8');
    const message = this.page.locator('.marker-widget').first();
    await message.waitFor({ timeout: 3_000 });
    const text = tidy(await message.innerText());
    await this.press('Escape');
    return text;
  }

  private get editor(): Locator {
    return this.page.locator('.part.editor .editor-group-container.active .monaco-editor').first();
  }

  private async hoverText(timeoutMs = actTimeoutMs): Promise<string> {
    const hover = this.page.locator('.workbench-hover, .monaco-hover:not(.hidden)').filter({ visible: true }).first();
    await hover.waitFor({ timeout: timeoutMs });
    return (await hover.innerText()).replaceAll('\u00a0', ' ').trim();
  }

  // Rendered pages

  /** The text of the page that a webview or a Markdown preview shows in the active editor; waits until it holds `part`. */
  async pageText(part: string): Promise<string> {
    return eventually(async () => {
      for (const frame of this.page.frames()) {
        const text = await frame.locator('body').innerText({ timeout: 2000 });
        if (frame !== this.page.mainFrame() && text.includes(part)) return text;
      }
      throw new Error(`No page shows "${part}"`);
    });
  }
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

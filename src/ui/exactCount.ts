// "Count Exactly with My API Key…": the one command that sends a text away, on the person's explicit word each time.
// The key lives in SecretStorage; answers are remembered by the text's hash, never the text.
import * as vscode from 'vscode';
import { formatCount } from '../format';
import { askVendor, type VendorAnswer } from '../tokens/askVendor';
import { type Vendor, vendorModel, vendorOf, vendors } from '../tokens/vendorCount';
import { commands } from './commands';
import { locale } from './locale';

const mostRemembered = 500;
const rememberedKey = 'exactCounts';
const timeoutMs = 20_000;

export interface ExactCountDeps {
  readonly secrets: vscode.SecretStorage;
  readonly memory: vscode.Memento;
  /** The model to count for in this document. */
  readonly modelFor: (document: vscode.TextDocument) => Promise<string>;
  /** Told of each fresh count, so that estimates can be held against it. Must not keep the text. */
  readonly onCounted: (text: string, model: string, tokens: number) => void;
}

export function registerExactCount(deps: ExactCountDeps): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.countExactly, () => countExactly(deps)),
    vscode.commands.registerCommand(commands.forgetKeys, async () => {
      for (const vendor of Object.keys(vendors)) await deps.secrets.delete(secretName(vendor as Vendor));
      void vscode.window.showInformationMessage(vscode.l10n.t('Tokenometer has forgotten your API keys.'));
    }),
  );
}

async function countExactly(deps: ExactCountDeps): Promise<void> {
  const { t } = vscode.l10n;
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.selections.filter((selection) => !selection.isEmpty) ?? [];
  const text = !editor
    ? ''
    : selected.length > 0
      ? selected.map((range) => editor.document.getText(range)).join('')
      : editor.document.getText();
  if (!editor || text === '') {
    void vscode.window.showInformationMessage(t('There is no text to count: open a document or select some of it.'));
    return;
  }
  const model = await deps.modelFor(editor.document);
  const vendor = vendorOf(model);
  if (!vendor) {
    void vscode.window.showWarningMessage(
      t('No vendor counts tokens for {0}. Choose a Claude, GPT or Gemini model first.', model),
    );
    return;
  }
  const remembered = deps.memory.get<Record<string, number>>(rememberedKey, {});
  const id = `${model} ${await sha256(text)}`;
  const tokens = remembered[id] ?? (await send(deps, vendor, model, text));
  if (tokens === undefined) return;
  if (remembered[id] === undefined) {
    deps.onCounted(text, model, tokens);
    const entries = [...Object.entries(remembered), [id, tokens] as const].slice(-mostRemembered);
    await deps.memory.update(rememberedKey, Object.fromEntries(entries));
  }
  void vscode.window.showInformationMessage(
    t('{0} tokens as a message to {1}, says {2}.', formatCount(tokens, locale()), model, vendors[vendor].label),
  );
}

/** Asks for consent and a key, sends, and says in one sentence what went wrong if something did. */
async function send(deps: ExactCountDeps, vendor: Vendor, model: string, text: string): Promise<number | undefined> {
  const { t } = vscode.l10n;
  const { label, baseUrl, baseUrlVariable } = vendors[vendor];
  const address = process.env[baseUrlVariable] || baseUrl;
  if (!URL.canParse(address)) {
    void vscode.window.showErrorMessage(t('{0} is not an address: {1}. Nothing was sent.', baseUrlVariable, address));
    return undefined;
  }
  if (!(await isAgreed(label, new URL(address).origin, model, text))) return undefined;
  const key = (await deps.secrets.get(secretName(vendor))) ?? (await askKey(vendor));
  if (!key) return undefined;
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Counting at {0}…', label), cancellable: true },
    (_progress, cancel) => {
      const giveUp = new AbortController();
      cancel.onCancellationRequested(() => giveUp.abort());
      const { signal } = giveUp;
      const question = { vendor, model: vendorModel(vendor, model), text, key, baseUrl: address, timeoutMs, signal };
      return askVendor(question, fetch);
    },
  );
  if (answer.kind === 'counted') {
    await deps.secrets.store(secretName(vendor), key);
    return answer.tokens;
  }
  if (answer.kind === 'refused') await deps.secrets.delete(secretName(vendor));
  const sentence = complaint(answer, label);
  if (sentence !== undefined) void vscode.window.showErrorMessage(sentence);
  return undefined;
}

async function isAgreed(label: string, origin: string, model: string, text: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const yes = t('Send and Count');
  const answer = await vscode.window.showInformationMessage(
    t('Send this text to {0} to count it?', label),
    {
      modal: true,
      detail: t(
        '{0} characters go to {1} with your API key and the model’s name, {2}. Nothing else is sent, and nothing is sent without this question.',
        formatCount(text.length, locale()),
        origin,
        model,
      ),
    },
    yes,
  );
  return answer === yes;
}

/** What to say of an answer without a count; undefined where the person knows. */
function complaint(answer: Exclude<VendorAnswer, { kind: 'counted' }>, label: string): string | undefined {
  const { t } = vscode.l10n;
  switch (answer.kind) {
    case 'refused':
      return t('{0} refused the API key. It is forgotten; the next count asks for one.', label);
    case 'failed':
      return answer.reason
        ? t('{0} did not count: {1} (status {2}).', label, answer.reason.replace(/\.$/, ''), answer.status)
        : t('{0} did not count: it answered with status {1}.', label, answer.status);
    case 'noCount':
      return t('{0} did not count: its answer holds no number of tokens.', label);
    case 'tooLate':
      return t('{0} gave no answer within {1} seconds. Nothing was counted.', label, timeoutMs / 1000);
    case 'unreachable':
      return t('{0} could not be reached ({1}). Nothing was counted.', label, answer.reason);
    case 'givenUp':
      return undefined;
  }
}

function askKey(vendor: Vendor): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('API key for {0}', vendors[vendor].label),
    prompt: vscode.l10n.t('Kept in VS Code’s secret storage once it has worked. “Forget API Keys” removes it.'),
    password: true,
    ignoreFocusOut: true,
  });
}

function secretName(vendor: Vendor): string {
  return `apiKey.${vendor}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

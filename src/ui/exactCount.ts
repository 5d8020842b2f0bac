// "Count Exactly with My API Key…": the one command that sends a text away, on the person's explicit word each time.
// The key lives in SecretStorage; answers are remembered by the text's hash, never the text.
import * as vscode from 'vscode';
import { formatCount } from '../format';
import { countRequest, readCount, type Vendor, vendorOf, vendors } from '../tokens/vendorCount';
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
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const selected = editor.selections.filter((selection) => !selection.isEmpty);
  const text =
    selected.length > 0 ? selected.map((range) => editor.document.getText(range)).join('') : editor.document.getText();
  const model = await deps.modelFor(editor.document);
  const vendor = vendorOf(model);
  if (!vendor) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('No vendor counts tokens for {0}. Choose a Claude, GPT or Gemini model first.', model),
    );
    return;
  }
  const remembered = deps.memory.get<Record<string, number>>(rememberedKey, {});
  const id = `${model} ${await sha256(text)}`;
  const known = remembered[id];
  const tokens = known ?? (await askVendor(deps, vendor, model, text));
  if (tokens === undefined) return;
  if (known === undefined) {
    deps.onCounted(text, model, tokens);
    const entries = [...Object.entries(remembered), [id, tokens] as const].slice(-mostRemembered);
    await deps.memory.update(rememberedKey, Object.fromEntries(entries));
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0} tokens for {1}, counted by {2} as one user message.',
      formatCount(tokens, locale()),
      model,
      vendors[vendor].label,
    ),
  );
}

/** Asks for consent and a key, sends, and says in one sentence what went wrong if something did. */
async function askVendor(
  deps: ExactCountDeps,
  vendor: Vendor,
  model: string,
  text: string,
): Promise<number | undefined> {
  const { label, baseUrl, baseUrlVariable } = vendors[vendor];
  const address = process.env[baseUrlVariable] || baseUrl;
  const send = vscode.l10n.t('Send and Count');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Send this text to {0} to count it?', label),
    {
      modal: true,
      detail: vscode.l10n.t(
        '{0} characters go to {1} with your API key and the model’s name, {2}. Nothing else is sent, and nothing is sent without this question.',
        formatCount(text.length, locale()),
        new URL(address).host,
        model,
      ),
    },
    send,
  );
  if (answer !== send) return undefined;
  const key = (await deps.secrets.get(secretName(vendor))) ?? (await askKey(vendor));
  if (!key) return undefined;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Counting at {0}…', label) },
    async () => {
      const request = countRequest(vendor, model, text, key, address);
      try {
        const response = await fetch(request.url, {
          method: 'POST',
          headers: request.headers,
          body: request.body,
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.status === 401 || response.status === 403) {
          await deps.secrets.delete(secretName(vendor));
          throw new Error(vscode.l10n.t('the key was refused and is forgotten'));
        }
        if (!response.ok) throw new Error(vscode.l10n.t('the service answered {0}', response.status));
        const tokens = readCount(vendor, await response.json());
        if (tokens === undefined) throw new Error(vscode.l10n.t('the answer holds no count'));
        await deps.secrets.store(secretName(vendor), key);
        return tokens;
      } catch (error) {
        void vscode.window.showErrorMessage(
          vscode.l10n.t('Could not count at {0}: {1}.', label, error instanceof Error ? error.message : String(error)),
        );
        return undefined;
      }
    },
  );
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

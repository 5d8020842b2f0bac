// The pages behind the problems' codes: what is measured, where the limit comes from, what to do. Read-only documents
// of their own scheme, so that they open in any VS Code, without network.
import * as vscode from 'vscode';
import { type FindingCode } from '../prompts/oversize';

const { t } = vscode.l10n;
const scheme = 'tokenometer-help';

export function explanationUri(code: FindingCode): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${code}.md` });
}

export function registerExplanations(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => {
      const code = uri.path.replace(/^\//, '').replace(/\.md$/, '') as FindingCode;
      const found = pages()[code];
      return found === undefined ? '' : `# ${found[0]}\n\n${found.slice(1).join('\n\n')}\n`;
    },
  });
}

/** Title, then paragraphs. */
function pages(): Readonly<Record<FindingCode, readonly string[]>> {
  const settings = t('How large is large, and how many problems a file may show, is set under `tokenometer.prompts`.');
  return {
    size: [
      t('A large prompt file'),
      t(
        'An instruction file that is always loaded is sent with every call to the model. From the cache it is cheap but not free, and it takes its place in the context window from the work itself.',
      ),
      t(
        'What helps: a section that is needed now and then goes to a file of its own with a link to it (the quick fix “Move section”), a rule for certain files goes to a rule file with globs, a procedure to a skill.',
      ),
      settings,
    ],
    'cut-off': [
      t('Past what the agent reads'),
      t(
        'Codex reads AGENTS.md files from the project’s root down to the folder it was started in, 32 KiB together (`project_doc_max_bytes`). What is over is cut off without a word: a long file at the root takes from the ones near the code.',
      ),
      t(
        'Claude Code reads the first 200 lines or 25,000 bytes of its own MEMORY.md, and leaves out a CLAUDE.md above 4 MiB. Windsurf reads 12,000 characters of a rule, 6,000 of the global rules.',
      ),
    ],
    'import-too-deep': [
      t('An import that is too deep'),
      t(
        'Claude Code follows `@path` imports four hops deep, Gemini CLI and Qwen Code five. A file further down is not read, and nothing says so.',
      ),
    ],
    'import-missing': [
      t('An import without a file'),
      t(
        'Relative paths start at the folder of the file that imports. Claude Code takes everything up to the next blank for the path, a full stop included; it reads text files only.',
      ),
      t('In backticks the path is only text.'),
    ],
    'import-outside': [
      t('An import from outside the project'),
      t('Gemini CLI and Qwen Code read imports below the project’s root only. Claude Code asks once per project.'),
    ],
    secret: [
      t('A string that looks like a credential'),
      t(
        'It has a vendor’s known prefix and length, and letters as random as a key’s. Agents send instruction files and prompts to the model’s provider as they are, and keep them in their logs.',
      ),
      t(
        'Take it out, name the variable that holds it instead, and revoke it if the file was ever sent or committed. Nothing of the string is stored or logged here.',
      ),
    ],
    blob: [
      t('Encoded data'),
      t(
        'A data URI or base64 costs about one token for two or three characters, and a model cannot read it. Attach the file as a file, or name its path.',
      ),
    ],
    'pasted-log': [
      t('A pasted log'),
      t(
        'Most of a log repeats itself. The quick fix keeps its first and last 30 lines and says how many were left out, so that the model knows.',
      ),
    ],
    'repeated-lines': [t('Repeated lines'), t('The quick fix keeps the first and says how often it recurs.')],
    'duplicate-paragraph': [
      t('A paragraph that stands there twice'),
      t(
        'Word for word the same, line breaks aside. Once is enough for a model, and twice is twice as much to keep current.',
      ),
    ],
    'same-rules': [
      t('The same rules in two files that load together'),
      t(
        'Some agents load several instruction files at once: Copilot in VS Code loads copilot-instructions.md, AGENTS.md and CLAUDE.md of a project. What stands in two of them is paid for twice.',
      ),
      t(
        'Keep it in one of them. Claude Code reads AGENTS.md where there is no CLAUDE.md, or through the import `@AGENTS.md`.',
      ),
    ],
  };
}

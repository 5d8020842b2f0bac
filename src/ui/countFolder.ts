// "Count Tokens" on files and folders of the Explorer: what each file weighs, heaviest first, each one click from open.
// Counts on a thread of its own; remembers counts by path, size and time of change while the window is open.
import * as vscode from 'vscode';
import { formatCount, formatGraded, formatGradedShort } from '../format';
import { CountClient } from '../tokens/countClient';
import { type CountsByEncoding, type OpenLine } from '../tokens/countProtocol';
import { LARGEST_FILE_BYTES, partsOf, readText } from '../tokens/countText';
import { encodingFor, type Estimate, estimate, kindOfText, sumOf } from '../tokens/estimate';
import { type FolderEntry, type FolderSource, walkFiles } from '../tokens/folderWalk';
import { type Encoding } from '../tokens/vocabulary';
import { weighAll, type WeighedFiles } from '../tokens/weighFiles';
import { commands } from './commands';
import { locale } from './locale';
import { type Models } from './models';

const mostRemembered = 50_000;
/** A longer list holds the editor up while it is filled, and nobody reads it. */
const mostListed = 3000;

export interface CountFolderDeps {
  readonly openLine: OpenLine;
  readonly loadVocabulary: (encoding: Encoding) => Promise<Uint8Array>;
  readonly models: Models;
  readonly log: vscode.LogOutputChannel;
}

type Result = WeighedFiles<vscode.Uri>;

export function registerCountFolder(deps: CountFolderDeps): vscode.Disposable {
  const remembered = new Map<string, CountsByEncoding>();
  return vscode.commands.registerCommand(commands.countTokens, async (clicked?: unknown, selected?: unknown) => {
    const uris = urisOf(clicked, selected);
    if (uris.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder to count its files.'));
      return;
    }
    const model = await deps.models.current();
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Counting tokens'), cancellable: true },
      (progress, cancel) => countAll(deps, uris, model, remembered, progress, cancel),
    );
    if (result) showResult(result, model);
  });
}

/** What was clicked on; from the palette, the open folders. */
function urisOf(clicked: unknown, selected: unknown): readonly vscode.Uri[] {
  const many = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  if (clicked instanceof vscode.Uri) return [clicked];
  return (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri);
}

async function countAll(
  deps: CountFolderDeps,
  uris: readonly vscode.Uri[],
  model: string,
  remembered: Map<string, CountsByEncoding>,
  progress: vscode.Progress<{ message?: string }>,
  cancel: vscode.CancellationToken,
): Promise<Result | undefined> {
  const encoding = encodingFor(model);
  const client = new CountClient({
    openLine: deps.openLine,
    loadVocabulary: deps.loadVocabulary,
    textOf: () => undefined,
    onCounts: () => undefined,
    onProblem: (error) => deps.log.error('counting files:', error.message),
  });
  client.setEncodings([]);
  // What is under way then answers at once.
  const giveUp = cancel.onCancellationRequested(() => client.dispose());
  let shownMs = 0;
  try {
    return await weighAll(filesOf(uris, cancel), {
      weigh: (uri) => weigh(uri, model, encoding, client, remembered),
      isCancelled: () => cancel.isCancellationRequested,
      onWeighed: (count) => {
        if (Date.now() - shownMs <= 100) return;
        shownMs = Date.now();
        progress.report({ message: vscode.l10n.t('{0} files', formatCount(count, locale())) });
      },
    });
  } finally {
    giveUp.dispose();
    client.dispose();
  }
}

async function weigh(
  uri: vscode.Uri,
  model: string,
  encoding: Encoding,
  client: CountClient,
  remembered: Map<string, CountsByEncoding>,
): Promise<Estimate | undefined> {
  const { size, mtime } = await vscode.workspace.fs.stat(uri);
  if (size > LARGEST_FILE_BYTES) return undefined;
  const id = `${uri.toString()} ${size} ${mtime} ${encoding}`;
  let counts = remembered.get(id);
  if (!counts) {
    const read = readText(await vscode.workspace.fs.readFile(uri));
    if ('refused' in read) return undefined;
    const parts = partsOf(uri.path, read.text);
    client.open(id, 1, parts.join(''));
    counts = await client.count(id, [encoding], rangesOf(parts));
    client.close(id);
    if (!counts) return undefined;
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(id, counts);
  }
  const found = counts[encoding];
  return found && estimate(found, model, kindOfText('', uri.path.split('/').at(-1)));
}

/** Where texts written one after the other lie; undefined for a single one, which is counted whole. */
function rangesOf(parts: readonly string[]): { start: number; end: number }[] | undefined {
  let start = 0;
  return parts.length > 1 ? parts.map((part) => ({ start, end: (start += part.length) })) : undefined;
}

/** The files chosen themselves, and those below the folders chosen that nothing excludes. */
async function* filesOf(uris: readonly vscode.Uri[], cancel: vscode.CancellationToken): AsyncGenerator<vscode.Uri> {
  const seen = new Set<string>();
  for (const uri of uris) {
    // What cannot be looked at is passed on as a file, and then told as one that could not be read.
    const type = await vscode.workspace.fs.stat(uri).then(
      (found) => found.type,
      () => vscode.FileType.Unknown,
    );
    const files = type & vscode.FileType.Directory ? filesBelow(uri, cancel) : [uri];
    for await (const file of files) {
      if (cancel.isCancellationRequested) return;
      if (seen.has(file.toString())) continue;
      seen.add(file.toString());
      yield file;
    }
  }
}

async function* filesBelow(uri: vscode.Uri, cancel: vscode.CancellationToken): AsyncGenerator<vscode.Uri> {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? uri;
  const start = uri.path.slice(root.path.length).replace(/^\/|\/$/g, '');
  const exclude = vscode.workspace.getConfiguration('files', uri).get<Record<string, unknown>>('exclude', {});
  const patterns = Object.keys(exclude).filter((pattern) => exclude[pattern] === true);
  for await (const path of walkFiles(sourceOf(root), start, patterns, () => cancel.isCancellationRequested))
    yield vscode.Uri.joinPath(root, path);
}

function sourceOf(root: vscode.Uri): FolderSource {
  const at = (path: string) => (path === '' ? root : vscode.Uri.joinPath(root, path));
  return {
    list: async (folder) => (await vscode.workspace.fs.readDirectory(at(folder))).map(entryOf),
    readText: async (file) => {
      try {
        return new TextDecoder().decode(await vscode.workspace.fs.readFile(at(file)));
      } catch {
        return undefined;
      }
    },
  };
}

function entryOf([name, type]: [string, vscode.FileType]): FolderEntry {
  if (type & vscode.FileType.Directory) return { name, kind: type & vscode.FileType.SymbolicLink ? 'other' : 'folder' };
  return { name, kind: type & vscode.FileType.File ? 'file' : 'other' };
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** A list to sort by weight or name and to open files from. */
function showResult(result: Result, model: string): void {
  const { t } = vscode.l10n;
  const byWeight = { iconPath: new vscode.ThemeIcon('arrow-down'), tooltip: t('Sort by weight') };
  const byName = { iconPath: new vscode.ThemeIcon('list-ordered'), tooltip: t('Sort by name') };
  const picker = vscode.window.createQuickPick<FileItem>();
  const whole = result.files.length > 0 ? formatGraded(sumOf(result.files.map(({ figure }) => figure)), locale()) : '0';
  picker.title = t('{0} tokens in {1} files for {2}', whole, formatCount(result.files.length, locale()), model);
  picker.placeholder = hintFor(result);
  picker.matchOnDescription = true;
  picker.buttons = [byWeight, byName];
  const items = result.files
    .sort((a, b) => b.figure.tokens - a.figure.tokens)
    .slice(0, mostListed)
    .map(({ file, figure }) => ({
      label: vscode.workspace.asRelativePath(file),
      description: formatGradedShort(figure, locale()),
      uri: file,
    }));
  const byLabel = new Intl.Collator();
  picker.items = items;
  picker.onDidTriggerButton((button) => {
    picker.items = button === byName ? [...items].sort((a, b) => byLabel.compare(a.label, b.label)) : items;
  });
  picker.onDidAccept(() => {
    const [chosen] = picker.selectedItems;
    if (chosen) void vscode.commands.executeCommand('vscode.open', chosen.uri);
    picker.hide();
  });
  picker.onDidHide(() => picker.dispose());
  picker.show();
}

function hintFor({ files, skipped }: Result): string {
  const { t } = vscode.l10n;
  const skippedWords = formatCount(skipped, locale());
  if (files.length > mostListed && skipped > 0)
    return t(
      'The {0} heaviest files; {1} files skipped: binary, too large or not readable',
      formatCount(mostListed, locale()),
      skippedWords,
    );
  if (files.length > mostListed) return t('The {0} heaviest files', formatCount(mostListed, locale()));
  if (skipped > 0) return t('{0} files skipped: binary, too large or not readable', skippedWords);
  return t('Type to filter, Enter to open');
}

// Problems of prompts: few, each with a code that opens its explanation. Information, and a warning where an agent stops
// reading or a secret would be sent.
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatShare } from '../format';
import { type Finding, type FindingCode, mostImportant } from '../prompts/oversize';
import { agentName } from './agentNames';
import { explanationUri, registerExplanations } from './promptExplanations';
import { type PromptState, type PromptTracker } from './promptFileTracker';
import { readPromptSettings } from './promptSettings';

const { t } = vscode.l10n;

export const diagnosticSource = 'Tokenometer';

export function registerPromptDiagnostics(tracker: PromptTracker): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('tokenometer');
  const show = async (document: vscode.TextDocument) => {
    const state = await tracker.stateOf(document);
    const study = tracker.studyOf(document);
    if (!state || !study) {
      problems.delete(document.uri);
      return;
    }
    const { mostProblems } = readPromptSettings(document);
    const shown = mostImportant(study.findings, mostProblems);
    problems.set(
      document.uri,
      shown.map((finding) => diagnosticOf(finding, state)),
    );
  };
  const look = (document: vscode.TextDocument) =>
    tracker.recognise(document) && void tracker.stateOf(document).catch(() => undefined);
  const lookAtAll = () => vscode.window.visibleTextEditors.forEach((editor) => look(editor.document));
  lookAtAll();
  return vscode.Disposable.from(
    problems,
    registerExplanations(),
    tracker.onDidStudy((document) => void show(document).catch(() => undefined)),
    tracker.onDidRestart(lookAtAll),
    vscode.window.onDidChangeVisibleTextEditors(lookAtAll),
    vscode.workspace.onDidCloseTextDocument((document) => problems.delete(document.uri)),
  );
}

function diagnosticOf(finding: Finding, state: PromptState): vscode.Diagnostic {
  const { document } = state;
  // A mark on the first line says enough; hundreds of marked lines would hide the text.
  const start = document.positionAt(finding.start);
  const lineEnd = document.lineAt(start.line).range.end;
  const end = document.positionAt(finding.end);
  const range = new vscode.Range(start, end.isBefore(lineEnd) ? end : lineEnd);
  const severity =
    finding.severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const diagnostic = new vscode.Diagnostic(range, sentence(finding, state), severity);
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: finding.facts.code, target: explanationUri(finding.facts.code) };
  return diagnostic;
}

/** The finding in a sentence, with a next step. Never quotes the text. */
function sentence({ facts }: Finding, { figures, file }: PromptState): string {
  const { locale } = figures;
  const tokens = (count: number) => `${figures.isExact ? '' : '≈ '}${formatCompact(count, locale)}`;
  switch (facts.code) {
    case 'size':
      return file.loading === 'always'
        ? t(
            '{0} tokens go along with every turn: {1} of a window of {2}. Move what is not always needed to a file of its own.',
            tokens(facts.tokens),
            formatShare(facts.share, locale),
            formatCompact(facts.windowTokens, locale),
          )
        : t(
            '{0} tokens: {1} of a window of {2} when this is loaded. Split it, or shorten its heaviest section.',
            tokens(facts.tokens),
            formatShare(facts.share, locale),
            formatCompact(facts.windowTokens, locale),
          );
    case 'cut-off': {
      const amount = formatCount(facts.limit.amount, locale);
      const size = formatCount(facts.size, locale);
      const unit = { bytes: t('bytes'), characters: t('characters'), lines: t('lines') }[facts.limit.unit];
      if (facts.limit.effect === 'skipped')
        return t('{0} leaves out files above {1} {2}; this one has {3}.', agentName(facts.agent), amount, unit, size);
      return facts.isChain
        ? t(
            '{0} stops reading here: the files of this chain have {1} {2} together, and it reads {3}. Shorten the files above.',
            agentName(facts.agent),
            size,
            unit,
            amount,
          )
        : t(
            '{0} stops reading here: the file has {1} {2}, and it reads {3}. Shorten it, or move parts to files of their own.',
            agentName(facts.agent),
            size,
            unit,
            amount,
          );
    }
    case 'import-too-deep':
      return t(
        '{0} does not read {1}: it follows imports {2} hops deep. Import it from a file further up.',
        agentName(facts.agent),
        facts.path,
        facts.maxHops,
      );
    case 'import-missing':
      return t(
        '{0} finds no file {1}. Correct the path, or put it in backticks if it is no import.',
        agentName(facts.agent),
        facts.path,
      );
    case 'import-outside':
      return t('{0} reads no imports from outside the project: {1}.', agentName(facts.agent), facts.path);
    case 'secret':
      return t(
        'This looks like a live credential of {0}. It would be sent to the model with the text: take it out, and revoke it if it was sent.',
        facts.vendor,
      );
    case 'blob':
      return t(
        'Encoded data of {0} tokens, in which a model reads nothing. Cut it, or name the file instead.',
        tokens(facts.tokens),
      );
    case 'pasted-log':
      return t(
        'A log of {0} lines and {1} tokens. Its first and last lines mostly tell it all.',
        formatCount(facts.lines, locale),
        tokens(facts.tokens),
      );
    case 'repeated-lines':
      return t(
        'The same line {0} times: {1} tokens that say nothing new.',
        formatCount(facts.count, locale),
        tokens(facts.tokens),
      );
    case 'duplicate-paragraph':
      return t(
        'The same paragraph stands in line {0}: {1} tokens again.',
        formatCount(facts.line, locale),
        tokens(facts.tokens),
      );
    case 'same-rules':
      if (facts.passages === 1)
        return t(
          'A passage of {0} tokens also stands in {1}, which {2} loads together with this file.',
          tokens(facts.tokens),
          vscode.workspace.asRelativePath(facts.path),
          agentName(facts.agent),
        );
      return t(
        '{0} passages ({1} tokens) also stand in {2}, which {3} loads together with this file.',
        formatCount(facts.passages, locale),
        tokens(facts.tokens),
        vscode.workspace.asRelativePath(facts.path),
        agentName(facts.agent),
      );
  }
}

/** The code of one of our diagnostics. */
export function codeOf(diagnostic: vscode.Diagnostic): FindingCode | undefined {
  if (diagnostic.source !== diagnosticSource || typeof diagnostic.code !== 'object') return undefined;
  return diagnostic.code.value as FindingCode;
}

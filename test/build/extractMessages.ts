// Every sentence that the sources hand to `t`, the translating function: `vscode.l10n.t` or one passed into the core. Reads
// TypeScript's syntax tree, so that a sentence that is glued together, and could not be found again, is an error.
import * as ts from 'typescript';

export interface Extracted {
  readonly messages: ReadonlySet<string>;
  /** Calls whose sentence is not written out: `file:line`. */
  readonly problems: readonly string[];
}

export function extractMessages(sources: readonly { readonly file: string; readonly text: string }[]): Extracted {
  const messages = new Set<string>();
  const problems: string[] = [];
  for (const { file, text } of sources) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslating(node.expression)) {
        const found = sentencesOf(node.arguments[0]);
        if (found === undefined) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart());
          problems.push(`${file}:${line + 1}`);
        } else for (const sentence of found) messages.add(sentence);
      }
      if (isNotes(node))
        for (const note of node.initializer.elements) sentencesOf(note)?.forEach((text) => messages.add(text));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { messages, problems };
}

/** `notes: ['…', '…']`: what an agent's reader says of its logs, translated where it is shown. */
function isNotes(node: ts.Node): node is ts.PropertyAssignment & { readonly initializer: ts.ArrayLiteralExpression } {
  return (
    ts.isPropertyAssignment(node) && node.name.getText() === 'notes' && ts.isArrayLiteralExpression(node.initializer)
  );
}

/** `t(…)`, `this.#t(…)`, `around.t(…)`, `vscode.l10n.t(…)`. */
function isTranslating(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return ts.isPropertyAccessExpression(callee) && /^#?t$/.test(callee.name.text);
}

/** All that the argument can be; nothing where a wrapper only hands its own argument on. */
function sentencesOf(argument: ts.Expression | undefined): readonly string[] | undefined {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return [argument.text];
  if (ts.isParenthesizedExpression(argument)) return sentencesOf(argument.expression);
  if (ts.isConditionalExpression(argument)) {
    const [yes, no] = [sentencesOf(argument.whenTrue), sentencesOf(argument.whenFalse)];
    return yes && no ? [...yes, ...no] : undefined;
  }
  return isParameter(argument) ? [] : undefined;
}

/** A parameter of the function around it: `(words, ...values) => vscode.l10n.t(words, ...values)`. */
function isParameter(argument: ts.Expression): boolean {
  if (!ts.isIdentifier(argument)) return false;
  for (let node: ts.Node = argument; node.parent !== undefined; node = node.parent)
    if (ts.isFunctionLike(node))
      return node.parameters.some(({ name }) => ts.isIdentifier(name) && name.text === argument.text);
  return false;
}

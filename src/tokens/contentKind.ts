// What kind of content a conversation's text is, by the tool it came through and the file it stands in.

/** Kinds of content that errors are told apart by. */
export type ContentKind =
  | 'typescript'
  | 'python'
  | 'go'
  | 'rust'
  | 'otherCode'
  | 'json'
  | 'markdown'
  | 'prose'
  | 'shell'
  | 'terminal'
  | 'paths'
  | 'mixed';

/** What a tool gives back; `ofFile` is the kind of the file it was called on. */
export function kindOfResult(tool: string, ofFile: ContentKind): ContentKind {
  switch (tool) {
    case 'Bash':
    case 'BashOutput':
      return 'terminal';
    case 'Grep':
    case 'Glob':
    case 'LS':
      return 'paths';
    case 'Task':
    case 'Agent':
    case 'WebFetch':
    case 'WebSearch':
      return 'prose';
    default:
      return ofFile;
  }
}

const kindsByExtension: readonly (readonly [RegExp, ContentKind])[] = [
  [/\.[cm]?[jt]sx?$/i, 'typescript'],
  [/\.pyi?$/i, 'python'],
  [/\.go$/i, 'go'],
  [/\.rs$/i, 'rust'],
  [/\.(jsonc?|jsonl|ya?ml|toml|ini|lock)$/i, 'json'],
  [/\.mdx?$/i, 'markdown'],
  [/\.[a-z]+$/i, 'otherCode'],
];

/** By the name's extension; mixed where there is none. */
export function kindOfPath(file: string): ContentKind {
  return kindsByExtension.find(([pattern]) => pattern.test(file))?.[1] ?? 'mixed';
}

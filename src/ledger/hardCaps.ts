// The budget state file: which hard caps are reached and until when, one a line, for a hook in the agent to read; and the
// hook's script beside it. Both lie in our own data folder. Several windows write: each answers for its own folders, and
// all together stand in the store. Never writes a file of another tool's.
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptFile, stateFile } from './dataFiles';
import { type Store } from './store';

/** A hard cap that is used up. */
export interface ReachedCap {
  readonly id: string;
  /** Epoch milliseconds: from then on it holds no more, whether or not a window is open to say so. */
  readonly untilMs: number;
  /** Only there and below; everywhere where absent. */
  readonly folder?: string;
  /** Only in this session. */
  readonly sessionId?: string;
  /** What the person reads when a prompt is refused. */
  readonly words: string;
}

const fact = 'hard caps';

interface KeptCap extends ReachedCap {
  /** Who alone may take it away; anyone where absent. */
  readonly owner?: string;
}

/**
 * Replaces what a window answers for: caps that hold everywhere, which every window sees alike, and those of its own
 * folders and sessions. `owner` names its folders.
 */
export function keepHardCaps(
  store: Store,
  dataFolder: string,
  caps: readonly ReachedCap[],
  owner: string,
  nowMs: number,
): void {
  const ours = caps.map((cap): KeptCap =>
    cap.folder === undefined && cap.sessionId === undefined ? cap : { ...cap, owner },
  );
  const merged = (before: unknown): readonly KeptCap[] => {
    const others = parse(before).filter((cap) => cap.untilMs > nowMs && cap.owner !== undefined && cap.owner !== owner);
    return [...others, ...ours].sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  const textOf = (all: readonly KeptCap[]) => (all.length === 0 ? '' : JSON.stringify(all));
  const before = store.fact(fact) ?? '';
  if (textOf(merged(before)) === before) return;
  store.write(() => {
    const all = merged(store.fact(fact));
    store.setFact(fact, textOf(all));
    writeState(dataFolder, all);
  });
}

function parse(value: unknown): readonly KeptCap[] {
  if (typeof value !== 'string' || value === '') return [];
  try {
    return JSON.parse(value) as readonly KeptCap[];
  } catch {
    return [];
  }
}

/** Whole or not at all: the hook may read at any moment. No file where no cap is reached. */
function writeState(dataFolder: string, caps: readonly ReachedCap[]): void {
  const path = join(dataFolder, stateFile);
  if (caps.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const plain = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
  const lines = caps.map(({ untilMs, folder = '*', sessionId = '*', words }) =>
    [Math.floor(untilMs / 1000), plain(folder), plain(sessionId), plain(words)].join('\t'),
  );
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${lines.join('\n')}\n`);
  renameSync(draft, path);
}

/** Writes the hook's script and answers its path. */
export function writeHookScript(dataFolder: string): string {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, scriptFile);
  writeFileSync(path, script);
  chmodSync(path, 0o700);
  return path;
}

/**
 * Claude Code runs it before each prompt, with JSON on its input and the project's folder in CLAUDE_PROJECT_DIR; exit
 * code 2 refuses the prompt and shows the person what stands on standard error (code.claude.com/docs/en/hooks,
 * UserPromptSubmit). Whatever is wrong with the state file, the prompt goes through.
 */
const script = `#!/bin/sh
# Written by Tokenometer. Refuses a prompt while a hard cap of yours is reached: see ${stateFile} beside this file.
state="$(dirname "$0")/${stateFile}"
[ -r "$state" ] || exit 0
input="$(cat)"
here="\${CLAUDE_PROJECT_DIR:-$PWD}"
now="$(date +%s)"
tab="$(printf '\\t')"
while IFS="$tab" read -r until folder session words; do
  case "$until" in '' | *[!0-9]*) continue ;; esac
  [ "$now" -lt "$until" ] || continue
  if [ "$folder" != '*' ]; then
    case "$here/" in "$folder"/*) ;; *) continue ;; esac
  fi
  if [ "$session" != '*' ]; then
    case "$input" in *"$session"*) ;; *) continue ;; esac
  fi
  printf '%s\\n' "$words" >&2
  exit 2
done < "$state"
exit 0
`;

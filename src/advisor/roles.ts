// What kind of chore a finished prompt was: commit messages, summaries of diffs, explanations, titles. The tools used
// decide whether it can be one; where nobody read the shell's commands, the prompt's own words say which. Such habits
// are the dependable win everywhere (reference/routing.md 5 C).

export type TaskRole = 'title' | 'commit' | 'diff-summary' | 'explain' | 'other';

export type ToolKind = 'read' | 'edit' | 'shell' | 'other';

/** How the agents name their tools, without case and separators. */
const toolKinds: Readonly<Record<Exclude<ToolKind, 'other'>, ReadonlySet<string>>> = {
  read: new Set(
    'read readfile readfiles readmanyfiles view viewfile cat grep greptool search searchfiles searchfilecontent codesearch codebasesearch glob ls list listdir listfiles listdirectory find findfiles filesearch grepsearch semanticsearch websearch webfetch fetchwebpage notebookread lsp listcodedefinitionnames'.split(
      ' ',
    ),
  ),
  edit: new Set(
    'edit editfile multiedit write writefile writetofile create createfile applypatch applydiff replace replaceinfile replacestringinfile strreplace strreplaceeditor insertedit inserteditintofile notebookedit deletefile patch'.split(
      ' ',
    ),
  ),
  shell: new Set(
    'bash shell sh exec execcommand runcommand runinterminal runshellcommand executecommand terminal localshell powershell'.split(
      ' ',
    ),
  ),
};

export function toolKindOf(name: string): ToolKind {
  const bare = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  for (const kind of ['read', 'edit', 'shell'] as const) if (toolKinds[kind].has(bare)) return kind;
  return 'other';
}

export interface TaskTools {
  readonly requests: number;
  /** Names of the tools used, one for each use. */
  readonly tools: readonly string[];
  /** Shell uses that were git, and those that committed: known only where somebody read the commands. */
  readonly gitUses?: number;
  readonly gitCommits?: number;
  readonly filesEdited: number;
  /** The calls' role as logged: title, compaction … */
  readonly role?: string;
  /** The prompt's words, where they can be read again. */
  readonly prompt?: string;
}

const shortTask = 8;

/** Can its tools be those of a chore at all? Asks no words: whoever has to fetch them asks this first. */
export function mayBeChore(task: Omit<TaskTools, 'prompt'>): boolean {
  if (task.role === 'title') return true;
  if (task.filesEdited > 0 || task.requests > shortTask) return false;
  return task.tools.every((name) => ['read', 'shell'].includes(toolKindOf(name)));
}

export function roleOf(task: TaskTools): TaskRole {
  if (task.role === 'title') return 'title';
  if (!mayBeChore(task)) return 'other';
  const count = (kind: ToolKind): number => task.tools.filter((name) => toolKindOf(name) === kind).length;
  const shells = count('shell');
  if (shells === 0) return task.prompt === undefined || explaining.test(task.prompt) ? 'explain' : 'other';
  if (count('read') > shells) return 'other';
  if (task.gitUses !== undefined) {
    if (task.gitUses !== shells) return 'other';
    return (task.gitCommits ?? 0) > 0 ? 'commit' : 'diff-summary';
  }
  return task.prompt === undefined ? 'other' : shellChore(task.prompt);
}

const explaining = /\?|\b(?:explain|describe|what|why|how|which|where|tell me|summari[sz]e|understand)\b/i;
/** A chore is asked for in a few words; more of them ask for more. */
const choreCharacters = 400;
const summarising =
  /\b(?:summari[sz]e|summary|describe|explain|what(?:'s| is| has| have)? (?:changed|new)|changelog|release notes)\b/i;
const changes = /\b(?:diffs?|changes|changed|commits?|branch|pull request|pr|changelog|release notes)\b/i;

function shellChore(prompt: string): TaskRole {
  if (prompt.length > choreCharacters) return 'other';
  if (summarising.test(prompt) && changes.test(prompt)) return 'diff-summary';
  return /\bcommit\b/i.test(prompt) ? 'commit' : 'other';
}

export interface Habit {
  readonly role: Exclude<TaskRole, 'other'>;
  readonly tasks: number;
  readonly costUsd: number;
}

const leastHabit = 3;

/** Kinds of chore that came up at least three times, the dearest first. */
export function habits(tasks: readonly { readonly role: TaskRole; readonly costUsd: number }[]): readonly Habit[] {
  const found = new Map<Habit['role'], Habit>();
  for (const { role, costUsd } of tasks) {
    if (role === 'other') continue;
    const before = found.get(role);
    found.set(role, { role, tasks: (before?.tasks ?? 0) + 1, costUsd: (before?.costUsd ?? 0) + costUsd });
  }
  return [...found.values()].filter((habit) => habit.tasks >= leastHabit).sort((a, b) => b.costUsd - a.costUsd);
}

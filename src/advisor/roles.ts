// What kind of chore a finished task was, by the tools it used and nothing else: commit messages, summaries of diffs,
// explanations, titles. Such habits are the dependable win everywhere (reference/routing.md 5 C).

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
}

const shortTask = 8;

export function roleOf(task: TaskTools): TaskRole {
  if (task.role === 'title') return 'title';
  if (task.filesEdited > 0 || task.requests > shortTask) return 'other';
  const count = (kind: ToolKind): number => task.tools.filter((name) => toolKindOf(name) === kind).length;
  const shells = count('shell');
  if (count('edit') > 0 || count('other') > 0) return 'other';
  if (shells === 0) return 'explain';
  if (task.gitUses !== shells || count('read') > shells) return 'other';
  return (task.gitCommits ?? 0) > 0 ? 'commit' : 'diff-summary';
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

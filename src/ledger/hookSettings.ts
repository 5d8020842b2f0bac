// The text of Claude Code's settings file with our hook put in or taken out. Works on text: who reads and who saves it
// is not its business.

export interface HookChange {
  readonly text: string;
  /** The hook was not there and is now; else it was there and is gone. */
  readonly isAdded: boolean;
}

interface HookGroup {
  readonly hooks?: readonly { readonly type?: unknown; readonly command?: unknown }[];
}

const event = 'UserPromptSubmit';

/** The shell's command for a script: Claude Code runs hooks by a POSIX shell on every system. */
export function hookCommand(scriptPath: string): string {
  return `sh '${scriptPath.replaceAll('\\', '/').replaceAll("'", `'\\''`)}'`;
}

/** `undefined` where the text is not what Claude Code takes for settings (a JSON object). Empty text is an empty object. */
export function toggleHook(text: string, scriptPath: string): HookChange | undefined {
  const settings = objectIn(text.trim() === '' ? '{}' : text);
  if (!settings) return undefined;
  const hooks = record(settings['hooks']) ?? {};
  const groups = Array.isArray(hooks[event]) ? (hooks[event] as readonly HookGroup[]) : [];
  const command = hookCommand(scriptPath);
  const isOurs = (hook: { readonly command?: unknown }) => hook.command === command;
  const isThere = groups.some((group) => group.hooks?.some(isOurs));
  const without = groups
    .map((group) =>
      group.hooks?.some(isOurs) ? { ...group, hooks: group.hooks.filter((hook) => !isOurs(hook)) } : group,
    )
    .filter((group) => group.hooks?.length !== 0);
  const next = isThere ? without : [...groups, { hooks: [{ type: 'command', command }] }];
  const { [event]: _, ...otherEvents } = hooks;
  const nextHooks = next.length === 0 ? otherEvents : { ...hooks, [event]: next };
  const { hooks: __, ...others } = settings;
  const changed = Object.keys(nextHooks).length === 0 ? others : { ...settings, hooks: nextHooks };
  return { text: `${JSON.stringify(changed, undefined, indentOf(text))}\n`, isAdded: !isThere };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** As the file is written now, else two spaces. */
function indentOf(text: string): string {
  return /^[{[]\r?\n([ \t]+)/.exec(text.trimStart())?.[1] ?? '  ';
}

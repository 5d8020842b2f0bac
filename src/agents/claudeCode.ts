// Claude Code: JSON lines under `<config>/projects/<folder>/<session>.jsonl` and `<session>/subagents/**/agent-*.jsonl`;
// versions 1.0.x to 2.1.330 seen. One answer stands on several rows (one a content block), early ones with a
// placeholder for the output; forks and resumed sessions copy rows under a new session id but keep the message id;
// 2.1.12 to 2.1.81 repeat a subagent's calls as `progress` rows of the main file. What no row holds: title calls,
// `/compact` calls, streams cut before their first block (`cost-state` rows of 2.1.330 prove their sum).
import { type Agent, type AgentEnvironment } from './agent';
import { callsParser } from './claudeCalls';
import { promptText } from './claudeRow';
import { toolsParser } from './claudeTools';
import { pathOf } from './editorFolders';
import { listOf, recordOf, recordsOfLine, textOf } from './record';

/** `CLAUDE_CONFIG_DIR` alone where it is set (a list is taken too), else the home folder's and the XDG one. */
function folders({ home, platform, variables }: AgentEnvironment): readonly string[] {
  const path = pathOf(platform);
  const named = variables['CLAUDE_CONFIG_DIR'];
  if (named) {
    const roots = named.split(',').map((root) => root.trim().replace(/^~(?=[\\/]|$)/, home));
    return roots.filter((root) => root !== '').map((root) => path.join(root, 'projects'));
  }
  const xdg = variables['XDG_CONFIG_HOME'] || path.join(home, '.config');
  return [path.join(home, '.claude', 'projects'), path.join(xdg, 'claude', 'projects')];
}

/** The desktop app keeps a `.claude/projects` for each of its local agent sessions. */
function desktopFolders({ home, platform, variables }: AgentEnvironment): readonly string[] {
  const path = pathOf(platform);
  const name = 'local-agent-mode-sessions';
  if (platform === 'darwin') return [path.join(home, 'Library', 'Application Support', 'Claude', name)];
  if (platform === 'win32')
    return [path.join(variables['APPDATA'] || path.join(home, 'AppData', 'Roaming'), 'Claude', name)];
  return [path.join(variables['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'Claude', name)];
}

const lines = {
  kind: 'lines',
  ...callsParser,
  later: toolsParser,
  companions: (relativePath: string) =>
    /(^|\/)agent-[^/]*\.jsonl$/.test(relativePath) ? [relativePath.replace(/\.jsonl$/, '.meta.json')] : [],
} as const;

const isTranscript = (relativePath: string) =>
  relativePath.endsWith('.jsonl') && !/(^|\/)(journal\.jsonl|tool-results\/.*)$/.test(relativePath);

export const claudeCode: Agent = {
  id: 'claude-code',
  label: 'Claude Code',
  sources: [
    { ...lines, id: 'projects', folders, owns: isTranscript },
    {
      ...lines,
      id: 'desktop',
      folders: desktopFolders,
      owns: (path) => /(^|\/)\.claude\/projects\//.test(path) && isTranscript(path),
    },
  ],
  notes: [
    'Title calls, /compact calls and streams cut before their first block are in no log.',
    'Versions 2.0.7x to 2.1.5x mostly did not record the output: such calls are marked, with the least it can have been.',
  ],
  textAt(record) {
    for (const row of recordsOfLine(record).records) {
      const title =
        textOf(row['customTitle']) ?? textOf(row['aiTitle']) ?? textOf(row['title']) ?? textOf(row['summary']);
      if (title && row['type'] !== 'user') return title;
      const content = recordOf(row['message'])?.['content'];
      if (row['type'] === 'user')
        return typeof content === 'string' ? content : promptText(listOf(content).map(recordOf));
    }
    return undefined;
  },
};

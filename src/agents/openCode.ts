// OpenCode: `~/.local/share/opencode/opencode.db` on every system; before early 2026 one JSON file a message below `storage/`.
// Both can stand side by side: a call has the same key in each. The records are openCodeRecords.ts's; seen: 1.3 to 1.18.
// It does not know: title calls, and what a cut try of a message had used.
import { type Agent, type AgentEnvironment } from './agent';
import { below } from './logValues';
import { textOf } from './record';
import { exportSource, treeSource } from './openCodeFiles';
import { databaseFiles, databaseSource, storeTextAt } from './openCodeStore';

function dataFolder({ home, variables }: AgentEnvironment): string {
  const shared = textOf(variables.XDG_DATA_HOME) ?? below(home, '.local', 'share');
  return textOf(variables.OPENCODE_DATA_DIR) ?? below(shared, 'opencode');
}

export const openCode: Agent = {
  id: 'opencode',
  label: 'OpenCode',
  sources: [
    databaseSource((environment) =>
      databaseFiles('opencode', dataFolder(environment), textOf(environment.variables.OPENCODE_DB)),
    ),
    treeSource((environment) => {
      const folder = dataFolder(environment);
      return [below(folder, 'storage', 'message'), below(folder, 'storage', 'session')];
    }),
    exportSource((environment) => [below(dataFolder(environment), 'exports')]),
  ],
  notes: [
    'The call that makes a session’s title is in no log.',
    'A message that was cut or killed is logged with zeros: used, but not recorded.',
    'On a subscription or an unknown model OpenCode logs a cost of 0: unknown, not free.',
  ],
  textAt: storeTextAt,
};

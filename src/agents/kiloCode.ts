// Kilo Code: task folders of the older extension (a Roo Code fork, clineTasks.ts) and the database of the command line and the
// rebuilt extension, `~/.local/share/kilo/kilo.db` (OpenCode's, openCodeStore.ts). Seen: 4.x tasks; database of 7.7 and 7.8.
// Traps are those of the two families. It does not know: cut calls (rows of zeros).
import { type Agent, type AgentEnvironment } from './agent';
import { taskSource, taskTextAt } from './clineTasks';
import { below } from './logValues';
import { textOf } from './record';
import { databaseFiles, databaseSource, storeTextAt } from './openCodeStore';

function dataFolder({ home, variables }: AgentEnvironment): string {
  const shared = textOf(variables.XDG_DATA_HOME) ?? below(home, '.local', 'share');
  return textOf(variables.KILO_DATA_DIR) ?? below(shared, 'kilo');
}

export const kiloCode: Agent = {
  id: 'kilo-code',
  label: 'Kilo Code',
  sources: [
    taskSource({
      extensionId: 'kilocode.kilo-code',
      otherFolders: () => [],
      deletedRow: 'api_req_deleted',
      isInputInclusive: true,
      companions: ['history_item.json', 'api_conversation_history.json'],
    }),
    databaseSource((environment) =>
      databaseFiles('kilo', dataFolder(environment), textOf(environment.variables.KILO_DB)),
    ),
  ],
  notes: [
    'A message that was cut or killed is logged with zeros: used, but not recorded.',
    'Condensing a task’s context logs what it cost, not its tokens.',
  ],
  textAt: (record, place) => taskTextAt(record, place) ?? storeTextAt(record, place),
};

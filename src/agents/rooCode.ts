// Roo Code: task folders in the extension's storage. Traps: since late 2025 `tokensIn` holds the cached tokens, for both
// protocols; what deleted messages spent stays in `api_req_deleted`; condensing the context tells its dollars only.
// The rest it shares with its family (clineTasks.ts). It does not know: a model's name in some older tasks.
import { type Agent } from './agent';
import { taskSource, taskTextAt } from './clineTasks';

export const rooCode: Agent = {
  id: 'roo-code',
  label: 'Roo Code',
  sources: [
    taskSource({
      extensionId: 'rooveterinaryinc.roo-cline',
      otherFolders: () => [],
      deletedRow: 'api_req_deleted',
      isInputInclusive: true,
      companions: ['history_item.json', 'api_conversation_history.json'],
    }),
  ],
  notes: [
    'Condensing the context logs what it cost, not its tokens.',
    'Tasks that lie in a folder of your own (customStoragePath) are found when that folder is given in the settings.',
  ],
  textAt: taskTextAt,
};

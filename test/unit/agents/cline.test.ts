// What the contract's fixtures cannot show of Cline and Roo Code: folders of every editor and variable, and places.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentEnvironment } from '../../../src/agents/agent';
import { cline } from '../../../src/agents/cline';
import { rooCode } from '../../../src/agents/rooCode';
import { Ledger } from '../../../src/ledger/ledger';

const mac: AgentEnvironment = {
  home: '/Users/ann',
  platform: 'darwin',
  variables: {},
  editorUserFolders: [
    '/Users/ann/Library/Application Support/Code/User',
    '/Users/ann/Library/Application Support/Cursor/User',
  ],
};
const [tasks, sessions] = cline.sources;

describe('agents: Cline and Roo Code', () => {
  it('look in every editor and in their own folder', () => {
    assert.deepEqual(tasks!.folders(mac), [
      ...mac.editorUserFolders.map((folder) => `${folder}/globalStorage/saoudrizwan.claude-dev/tasks`),
      '/Users/ann/.cline/data/tasks',
    ]);
    assert.deepEqual(
      rooCode.sources[0]!.folders(mac),
      mac.editorUserFolders.map((folder) => `${folder}/globalStorage/rooveterinaryinc.roo-cline/tasks`),
    );
  });

  it('follow the variables of the command line, the narrowest first', () => {
    const where = (variables: Record<string, string>) => sessions!.folders({ ...mac, variables });
    assert.deepEqual(where({}), ['/Users/ann/.cline/data/sessions']);
    assert.deepEqual(where({ CLINE_DIR: '/c' }), ['/c/data/sessions']);
    assert.deepEqual(where({ CLINE_DIR: '/c', CLINE_DATA_DIR: '/d' }), ['/d/sessions']);
    assert.deepEqual(where({ CLINE_DATA_DIR: '/d', CLINE_SESSION_DATA_DIR: '/s' }), ['/s']);
  });

  it('own the messages and not what lies beside them', () => {
    assert.ok(tasks!.owns('1793600000000/ui_messages.json'));
    assert.ok(!tasks!.owns('1793600000000/api_conversation_history.json'));
    assert.ok(rooCode.sources[0]!.skipsFolder?.('1793600000000/checkpoints'));
    assert.ok(!rooCode.sources[0]!.skipsFolder?.('1793600000000'));
    assert.deepEqual(sessions!.companions?.('17_abc/agent_18.messages.json'), ['17_abc/17_abc.json']);
  });

  it('find the words of a task and of what was typed again', () => {
    assert.equal(cline.textAt?.('[{"type":"say","say":"text","text":"Add a test"}]', '/0/text'), 'Add a test');
    const typed = {
      messages: [{ role: 'user', content: [{ type: 'text', text: '<user_input mode="act">Go on</user_input>' }] }],
    };
    assert.equal(cline.textAt?.(JSON.stringify(typed), '/messages/0/content'), 'Go on');
    assert.equal(cline.textAt?.('[]', '/3/text'), undefined);
  });

  it('count once what was read before its message was deleted, and again with the next deletion', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tokenometer-cline-'));
    const folder = join(home, '.cline', 'data', 'tasks', '1793600000000');
    mkdirSync(folder, { recursive: true });
    const startMs = 1793600000000;
    const row = (afterMs: number, say: string, tokensOut: number) => ({
      ts: startMs + afterMs,
      type: 'say',
      say,
      text: JSON.stringify({ tokensIn: 10, tokensOut }),
    });
    const task = { ts: startMs, type: 'say', say: 'text', text: 'a task' };
    const first = row(1, 'api_req_started', 100);
    const states = [
      [task, first, row(2, 'api_req_started', 200), row(3, 'api_req_started', 400)],
      [task, first, row(2, 'api_req_started', 200), row(10, 'deleted_api_reqs', 400)],
      [task, first, row(20, 'deleted_api_reqs', 600), row(30, 'api_req_started', 800)],
    ];
    const environment: AgentEnvironment = { home, platform: 'linux', variables: {}, editorUserFolders: [] };
    const ledger = Ledger.open({
      dataFolder: join(home, 'store'),
      environment,
      now: () => startMs + 1000,
      agents: [cline],
    });
    try {
      const outputs: number[] = [];
      for (const rows of states) {
        writeFileSync(join(folder, 'ui_messages.json'), JSON.stringify(rows));
        await ledger.refresh();
        outputs.push(ledger.totals({ by: 'agent', timeZone: 'UTC' }).totals.outputTokens);
      }
      assert.deepEqual(outputs, [700, 700, 1500]);
    } finally {
      ledger.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

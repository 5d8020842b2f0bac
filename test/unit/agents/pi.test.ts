// What the contract's fixtures cannot show of pi and Qwen Code: folders by their variables, and places.
import assert from 'node:assert/strict';
import { type AgentEnvironment } from '../../../src/agents/agent';
import { pi } from '../../../src/agents/pi';
import { qwenCode } from '../../../src/agents/qwenCode';
import { contextOf } from './fixtureCase';

const linux: AgentEnvironment = { home: '/home/ann', platform: 'linux', variables: {}, editorUserFolders: [] };
const withVariables = (variables: Record<string, string>) => ({ ...linux, variables });

describe('agents: pi and Qwen Code', () => {
  it('look where their variables say', () => {
    const [sessions] = pi.sources;
    assert.deepEqual(sessions!.folders(linux), ['/home/ann/.pi/agent/sessions', '/home/ann/.omp/agent/sessions']);
    const moved = withVariables({ PI_CODING_AGENT_DIR: '/p', PI_CODING_AGENT_SESSION_DIR: '/s' });
    assert.deepEqual(sessions!.folders(moved), ['/s', '/p/sessions', '/home/ann/.omp/agent/sessions']);
    const [chats, documents] = qwenCode.sources;
    assert.deepEqual(chats!.folders(linux), ['/home/ann/.qwen/projects']);
    assert.deepEqual(documents!.folders(withVariables({ QWEN_HOME: '/q' })), ['/q/tmp']);
    assert.deepEqual(chats!.folders(withVariables({ QWEN_HOME: '/q', QWEN_RUNTIME_DIR: '/r' })), ['/r/projects']);
  });

  it('leave what is not theirs', () => {
    const [chats] = qwenCode.sources;
    assert.ok(chats!.owns('-w/chats/s.jsonl'));
    assert.ok(chats!.owns('-w/subagents/s/agent-explore-1.jsonl'));
    assert.ok(!chats!.owns('-w/memory/notes.jsonl'));
    assert.deepEqual(chats!.companions?.('-w/chats/s.jsonl'), []);
  });

  it('keep a tool use open until its result comes, and no more of them than a carry can hold', () => {
    const source = pi.sources[0]!;
    assert.equal(source.kind, 'lines');
    if (source.kind !== 'lines') return;
    const uses = Array.from({ length: 200 }, (_, n) => ({
      type: 'toolCall',
      id: `t${n}`,
      name: 'bash',
      arguments: {},
    }));
    const message = { role: 'assistant', content: uses, usage: { input: 1, output: 1 }, timestamp: 1793602800000 };
    const { carry } = source.parseLine(
      JSON.stringify({ type: 'message', message }),
      0,
      undefined,
      contextOf('/a_b.jsonl'),
    );
    assert.ok(JSON.stringify(carry).length < 4000);
  });

  it('find the words of a prompt and of a name again', () => {
    assert.equal(pi.textAt?.('{"type":"message","message":{"role":"user","content":"Add it"}}', 3), 'Add it');
    assert.equal(pi.textAt?.('{"type":"session_info","name":"My session"}', 3), 'My session');
    assert.equal(qwenCode.textAt?.('{"type":"user","message":{"parts":[{"text":"Do it"}]}}', 3), 'Do it');
    assert.equal(qwenCode.textAt?.('{"messages":[{"type":"user","content":"Old"}]}', '/messages/0'), 'Old');
  });
});

// What the contract's fixtures cannot show of Gemini CLI: where its logs are looked for, and that texts are found again.
import assert from 'node:assert/strict';
import { type AgentEnvironment } from '../../../src/agents/agent';
import { geminiCli } from '../../../src/agents/geminiCli';
import { contextOf } from './fixtureCase';

const linux: AgentEnvironment = { home: '/home/ann', platform: 'linux', variables: {}, editorUserFolders: [] };
const [lines, documents] = geminiCli.sources;

describe('agents: Gemini CLI', () => {
  it('looks below the home folder, or where GEMINI_CLI_HOME says', () => {
    assert.deepEqual(lines!.folders(linux), ['/home/ann/.gemini/tmp']);
    const moved = { ...linux, variables: { GEMINI_CLI_HOME: '/data/g' } };
    assert.deepEqual(lines!.folders(moved), ['/data/g/.gemini/tmp']);
    const windows = { ...linux, platform: 'win32' as const, home: 'C:\\Users\\ann' };
    assert.deepEqual(documents!.folders(windows), ['C:\\Users\\ann\\.gemini\\tmp']);
  });

  it('owns chats and nothing else, and knows the root file beside them', () => {
    assert.ok(lines!.owns('app/chats/session-2026-11-02T08-00-aaaa1111.jsonl'));
    assert.ok(lines!.owns('app/chats/parent/child.jsonl'));
    assert.ok(!lines!.owns('app/logs.jsonl'));
    assert.ok(documents!.owns('app/chats/session-2026-04-14T09-55-bbbb2222.json'));
    assert.ok(!documents!.owns('app/chats/other.json'));
    assert.deepEqual(lines!.companions?.('app/chats/parent/child.jsonl'), ['app/.project_root']);
  });

  it('tells a subagent by its folder with Windows separators too', () => {
    assert.equal(lines!.kind, 'lines');
    const context = contextOf('C:\\Users\\ann\\.gemini\\tmp\\app\\chats\\parent-1\\child-1.jsonl');
    const header = '{"sessionId":"child-1","projectHash":"9","kind":"subagent"}';
    const [event] = lines!.kind === 'lines' ? lines!.parseLine(header, 0, undefined, context).events : [];
    assert.equal(event?.kind === 'session' && event.parentSessionId, 'parent-1');
  });

  it('finds the words of a prompt and of a title again', () => {
    const prompt = '{"id":"p","type":"user","content":[{"text":"Add a test"}]}';
    assert.equal(geminiCli.textAt?.(prompt, 120), 'Add a test');
    assert.equal(geminiCli.textAt?.('{"$set":{"summary":"A title"}}', 7), 'A title');
    const document = '{"summary":"Old title","messages":[{"type":"user","content":"Fix it"}]}';
    assert.equal(geminiCli.textAt?.(document, '/messages/0'), 'Fix it');
    assert.equal(geminiCli.textAt?.(document, '/summary'), 'Old title');
    assert.equal(geminiCli.textAt?.('no json', 0), undefined);
  });
});

// Copilot Chat beyond the fixtures: a log that VS Code writes anew, and the words at a place in a snapshot or a log.
import assert from 'node:assert/strict';
import { type DocumentSource } from '../../../src/agents/agent';
import { copilotChat } from '../../../src/agents/copilotChat';
import { contextOf } from './fixtureCase';

const chats = copilotChat.sources.find((source): source is DocumentSource => source.id === 'chats')!;
const request = { requestId: 'r-1', timestamp: Date.UTC(2026, 10, 2), message: { text: 'rename it' } };
const finished = { ...request, promptTokens: 900, completionTokens: 90 };
const log = [
  { kind: 0, v: { sessionId: 's', requests: [] } },
  { kind: 2, k: ['requests'], v: [request] },
  { kind: 1, k: ['requests', 0, 'promptTokens'], v: 900 },
  { kind: 1, k: ['requests', 0, 'completionTokens'], v: 90 },
];
const asText = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('copilot chat', () => {
  it('reads the same from a log, from the log written anew as one line, and from a snapshot', () => {
    const at = (path: string, text: string) => chats.parseDocument(text, contextOf(path)).events;
    const whole = at('/u/h/chatSessions/s.jsonl', asText(log));
    const anew = asText([{ kind: 0, v: { sessionId: 's', requests: [finished] } }]);
    assert.deepEqual(at('/u/h/chatSessions/s.jsonl', anew), whole);
    const snapshot = JSON.stringify({ sessionId: 's', requests: [finished] });
    assert.deepEqual(at('/u/h/chatSessions/s.json', snapshot), whole);
    assert.equal(whole.filter((event) => event.kind === 'call').length, 1);
  });

  it('gives the same at every length of a growing log, but for what is not there yet', () => {
    const text = asText(log);
    for (let length = 0; length <= text.length; length++) {
      const { events, skipped } = chats.parseDocument(text.slice(0, length), contextOf('/u/h/chatSessions/s.jsonl'));
      assert.equal(skipped, undefined);
      assert.ok(events.filter((event) => event.kind === 'call').length <= 1);
    }
  });

  it('finds the words of a prompt in a log and in a snapshot', () => {
    const place = '/requests/0/message/text';
    assert.equal(copilotChat.textAt?.(asText(log), place), 'rename it');
    assert.equal(copilotChat.textAt?.(JSON.stringify({ requests: [request] }), place), 'rename it');
    assert.equal(copilotChat.textAt?.(asText(log), '/customTitle'), undefined);
  });

  it('owns chat sessions and no other file of a workspace', () => {
    assert.ok(chats.owns('ab12/chatSessions/x.jsonl') && chats.owns('no-workspace/chatSessions/x.json'));
    assert.ok(!chats.owns('ab12/GitHub.copilot-chat/transcripts/x.jsonl') && !chats.owns('ab12/state.vscdb'));
  });
});

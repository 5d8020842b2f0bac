// Copilot CLI beyond the fixtures: titles, folders, compactions, and the arithmetic of totals.
import assert from 'node:assert/strict';
import { type Carry, type LineSource, type LogEvent } from '../../../src/agents/agent';
import { copilotCli } from '../../../src/agents/copilotCli';
import { addedBy, type Figures, noFigures } from '../../../src/agents/copilotUsage';
import { contextOf } from './fixtureCase';

const source = copilotCli.sources.find((candidate): candidate is LineSource => candidate.id === 'events')!;

function eventsOf(...rows: readonly object[]): LogEvent[] {
  let carry: Carry | undefined;
  return rows.flatMap((row, index) => {
    const line = JSON.stringify({ id: `e-${index}`, timestamp: '2026-11-02T09:00:00.000Z', ...row });
    const parsed = source.parseLine(line, index * 100, carry, contextOf('/h/.copilot/session-state/s/events.jsonl'));
    carry = parsed.carry;
    return parsed.events;
  });
}

describe('copilot cli', () => {
  it('takes a session title from its first prompt, and from a later renaming', () => {
    const renaming = {
      type: 'tool.execution_start',
      data: { toolCallId: 't', toolName: 'rename_session', arguments: { title: 'a better name' } },
    };
    const places = eventsOf({ type: 'user.message', data: { content: 'first' } }, renaming)
      .filter((event) => event.kind === 'session')
      .map((event) => event.titlePlace);
    assert.deepEqual(places, [0, 100]);
    assert.equal(copilotCli.textAt?.(JSON.stringify(renaming), 100), 'a better name');
    assert.equal(copilotCli.textAt?.('{"type":"user.message","data":{"content":"first"}}', 0), 'first');
  });

  it('tells a compaction', () => {
    const data = { preCompactionTokens: 90_000, postCompactionTokens: 8000 };
    const [event] = eventsOf({ type: 'session.compaction_complete', data });
    assert.ok(event?.kind === 'compaction' && event.tokensBefore === 90_000 && event.tokensAfter === 8000);
  });

  it('looks where COPILOT_HOME says', () => {
    const environment = { home: '/h', platform: 'linux', editorUserFolders: [] } as const;
    assert.deepEqual(source.folders({ ...environment, variables: {} }), ['/h/.copilot/session-state']);
    assert.deepEqual(source.folders({ ...environment, variables: { COPILOT_HOME: '/c' } }), ['/c/session-state']);
  });

  it('reads a total as growth, unless a figure fell or the run explains it alone', () => {
    const figures = (input: number, output: number): Figures => ({ ...noFigures, input, output });
    const before = { a: figures(100, 10) };
    assert.equal(addedBy({ a: figures(150, 16) }, before, {})['a']?.input, 50);
    assert.equal(addedBy({ a: figures(90, 16) }, before, {})['a']?.input, 90);
    assert.equal(addedBy({ a: figures(150, 16) }, before, { a: 16 })['a']?.input, 150);
    assert.equal(addedBy({ b: figures(7, 1) }, before, {})['b']?.input, 7);
  });
});

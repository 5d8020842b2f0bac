// Both ways into a Claude Code line, from its bytes and from its text, held against each other on rows that try to be
// mistaken: usage, roles and results inside tool output, in texts, twice, nested, and two records on one line.
import assert from 'node:assert/strict';
import { type Carry, type LineParser, type LineSource } from '../../../src/agents/agent';
import { claudeCode } from '../../../src/agents/claudeCode';
import { Finder } from '../../../src/agents/skim';
import { isOfInterest, parseAt } from '../../../src/ledger/lineFiles';
import { LineBuffer, LineReader } from '../../../src/ledger/lineReader';
import { seeded } from '../../bench/generateHistory';
import { contextOf } from './fixtureCase';

const random = seeded(7);
const below = (count: number) => Math.floor(random() * count);
const one = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;

const usage = () => ({
  input_tokens: below(99),
  cache_read_input_tokens: below(9999),
  output_tokens: below(999),
  ...(random() < 0.5 ? { cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: below(9) } } : {}),
});
const hostile = [
  'plain',
  '"role":"user"',
  '{"type":"tool_result","usage":{"output_tokens":9999999}}',
  'ends in a brace }',
  '}{"',
  '}{"type":"user"',
  '\\',
  '\\"usage\\":{',
  'größer 計算 😀\n\t',
  'x'.repeat(300),
  '',
] as const;

function value(depth: number): unknown {
  const dice = below(depth > 3 ? 3 : 6);
  if (dice < 2) return one(hostile);
  if (dice === 2) return below(1000);
  if (dice === 3) return [value(depth + 1), value(depth + 1)];
  if (dice === 4) return { usage: usage(), role: one(['user', 'assistant']), type: one(['tool_result', 'assistant']) };
  return {
    message: { id: 'msg_wrong', model: 'm', usage: usage(), content: value(depth + 1) },
    other: value(depth + 1),
  };
}

function block(): unknown {
  return one([
    () => ({ type: 'text', text: one(hostile) }),
    () => ({ type: 'thinking', thinking: one(hostile), signature: one(hostile) }),
    () => ({ type: 'tool_use', id: `toolu_${below(50)}`, name: 'Edit', input: value(0) }),
    () => ({ type: 'tool_result', tool_use_id: `toolu_${below(50)}`, content: one([value(0), one(hostile)]) }),
  ])();
}

function row(): Record<string, unknown> {
  const role = one(['user', 'assistant', 'assistant']);
  const message = {
    ...(random() < 0.2 ? { extra: value(0) } : {}),
    model: one(['claude-opus-4-5', '<synthetic>', 'claude-haiku-4-5']),
    id: `msg_${below(40)}`,
    role,
    content: one([() => Array.from({ length: below(4) }, block), () => one(hostile)])(),
    stop_reason: one([null, 'tool_use', 'end_turn']),
    ...(role === 'assistant' ? { usage: usage() } : {}),
  };
  const own = {
    type: role,
    uuid: `u-${below(500)}`,
    timestamp: `2026-11-0${1 + below(9)}T10:00:00.${100 + below(900)}Z`,
  };
  const inner = { ...own, requestId: one(['r1', '', undefined]), message };
  const base = {
    parentUuid: null,
    sessionId: one(['s-1', 's-2']),
    cwd: '/home/dev/a',
    gitBranch: one(['main', 'HEAD']),
  };
  const dice = random();
  if (dice < 0.15) return { ...base, ...own, type: 'progress', data: { type: 'agent_progress', message: inner } };
  if (dice < 0.2) return { ...base, ...own, type: 'summary', summary: one(hostile), snapshot: value(0) };
  return random() < 0.5
    ? { ...base, ...inner, toolUseResult: value(0) }
    : { ...base, toolUseResult: value(0), ...inner };
}

function line(): string {
  const text = JSON.stringify(row());
  return random() < 0.03 ? text + JSON.stringify(row()) : text;
}

/** What a parser makes of all lines; `isByBytes`: by the faster way where it takes them. */
function readAll(source: LineParser, bytes: Buffer, bufferBytes: number, isByBytes: boolean): unknown[] {
  const parser = isByBytes ? source : { ...source, parseBytes: undefined, isOfInterest: undefined };
  const read = (into: Buffer, at: number, length: number, position: number) =>
    bytes.copy(into, at, position, Math.min(bytes.length, position + length));
  const reader = new LineReader(new LineBuffer(bufferBytes), read, 0);
  const needles = parser.needles.map((needle) => Buffer.from(needle));
  const context = contextOf('/home/dev/.claude/projects/p/s.jsonl');
  const found: unknown[] = [];
  let carry: Carry | undefined;
  while (reader.next() === 'line') {
    if (!isOfInterest(parser, reader, needles)) continue;
    const parsed = parseAt(parser, reader, carry, context);
    carry = parsed.carry ?? carry;
    if (parsed.events.length > 0 || parsed.skipped) found.push({ offset: reader.offset, ...parsed });
  }
  return found;
}

describe('claude code: lines that try to be mistaken', () => {
  const source = claudeCode.sources[0] as LineSource;
  const bytes = Buffer.from(`${Array.from({ length: 4000 }, line).join('\n')}\n`);

  for (const [name, parser] of [['calls', source] as const, ['tools', source.later!] as const]) {
    for (const bufferBytes of [700, 64 * 1024]) {
      it(`reads ${name} alike from bytes and from text, ${bufferBytes} bytes at a time`, () => {
        const byText = readAll(parser, bytes, bufferBytes, false);
        assert.deepEqual(plain(readAll(parser, bytes, bufferBytes, true)), plain(byText));
        assert.ok(byText.length > 100, `${byText.length} lines say something`);
      });
    }
  }

  it('finds a byte string where it is, in any line of any buffer', () => {
    const finder = new Finder('ab');
    for (let round = 0; round < 200; round += 1) {
      const text = Buffer.from(Array.from({ length: 60 }, () => one(['a', 'b', '\n'])).join(''));
      for (let start = 0; start < text.length; start += 1) {
        const end = start + below(text.length - start + 1);
        const at = text.subarray(start, end).indexOf('ab');
        const isCut = text[end - 1] === 97 && text[end] === 98;
        if (!isCut) assert.equal(finder.firstIn(text, start, end), at < 0 ? -1 : start + at);
      }
    }
  });
});

/** Absent and undefined are one. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

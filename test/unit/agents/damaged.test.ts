// Damaged records by the thousand for every agent: the fixtures' lines, documents and rows with values of other types, lost
// fields and torn bytes. Whatever comes, no exception, no absurd figure, and a carry that does not grow.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Agent, type AgentSource, type Carry, type LineParser, type LogEvent } from '../../../src/agents/agent';
import { agents } from '../../../src/agents/agents';
import { seeded } from '../../bench/generateHistory';
import { contextOf, fixturesFolder, parsersOf } from './fixtureCase';

/** How many damaged records per agent; 100,000 when somebody wants to know. */
const records = Number(process.env['TOKENOMETER_FUZZ_LINES'] ?? 2000);
const wild: readonly unknown[] = [
  null,
  -1,
  1e308,
  0.5,
  '',
  'text',
  [],
  {},
  true,
  9e15,
  '2026-13-99T99:99:99Z',
  [[[]]],
  '12',
];

type Random = () => number;

/** The JSON texts of an agent's fixtures: lines, documents, and the data of database rows. */
function textsOf(agent: Agent): string[] {
  const root = join(fixturesFolder, agent.id);
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(root, name);
    if (!statSync(path).isFile() || name.endsWith('expected.json')) return [];
    const text = readFileSync(path, 'utf8');
    if (name.endsWith('.jsonl')) return text.split('\n').filter((line) => line !== '');
    if (name.endsWith('.sql'))
      return [...text.matchAll(/'(\{.*\})'\);/g)].map((match) => match[1]!.replaceAll("''", "'"));
    return [text];
  });
}

/** A value with some of its parts lost or of another type. */
function damagedValue(value: unknown, random: Random): unknown {
  if (random() < 0.03) return wild[Math.floor(random() * wild.length)];
  if (Array.isArray(value)) return value.map((part) => damagedValue(part, random));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random() > 0.02);
  return Object.fromEntries(kept.map(([name, part]) => [name, damagedValue(part, random)]));
}

function damagedText(text: string, random: Random): string {
  let damaged = text;
  try {
    damaged = JSON.stringify(damagedValue(JSON.parse(text), random));
  } catch {
    // A fixture's own broken text is damaged enough.
  }
  const place = Math.floor(random() * damaged.length);
  if (random() < 0.05) return damaged.slice(0, place);
  return random() < 0.05 ? damaged.slice(0, place) + damaged.slice(place + 3) : damaged;
}

function assertSound(events: readonly LogEvent[], text: string): void {
  for (const event of events) {
    for (const [name, value] of Object.entries(event)) {
      assert.notEqual(value, null, `${name} from ${text}`);
      if (typeof value !== 'number') continue;
      assert.ok(value >= 0 && value < 1e13, `${event.kind}.${name} is ${value} from ${text}`);
      if (name.endsWith('Tokens'))
        assert.ok(Number.isSafeInteger(value) && value <= 1e10, `${name} is ${value} from ${text}`);
    }
    if (event.kind === 'call') assert.ok(event.reasoningTokens <= event.outputTokens, text);
  }
}

function readOnce(source: AgentSource | LineParser, text: string, carry: Carry | undefined, random: Random) {
  const context = contextOf(
    '/home/someone/chats/parent/file.jsonl',
    random() < 0.5 ? {} : { 'a/history_item.json': text },
  );
  if ('needles' in source) {
    const parsed = source.parseLine(text, 7, carry, context);
    assertSound(parsed.events, text);
    const bytes = Buffer.from(text);
    assertSound(source.parseBytes?.(bytes, 0, bytes.length, 7, carry, context)?.events ?? [], text);
    return parsed.carry && (JSON.parse(JSON.stringify(parsed.carry)) as Carry);
  }
  if (source.kind === 'document') assertSound(source.parseDocument(text, context).events, text);
  if (source.kind === 'database') {
    for (const query of source.queries) {
      const columns = [...query.columns, ...(query.optional ?? [])];
      const values = columns.map((name): [string, unknown] => [
        name,
        random() < 0.8 ? name : wild[Math.floor(random() * wild.length)],
      ]);
      const time_created = random() < 0.5 ? 1793602800000 : wild[Math.floor(random() * wild.length)];
      const row: Record<string, unknown> = { ...Object.fromEntries(values), time_created, data: text };
      assertSound(query.parseRow(row, context).events, text);
    }
  }
  return undefined;
}

describe('agents: damaged records', () => {
  for (const agent of agents) {
    it(`${agent.id} takes ${records} of them without an exception or an absurd figure`, () => {
      const random = seeded(agent.id.length);
      // Of agents whose databases hold no JSON, only the columns' values are damaged.
      const texts = [...textsOf(agent), '{}'];
      const readings = agent.sources.flatMap((source): (AgentSource | LineParser)[] =>
        source.kind === 'lines' ? parsersOf(source) : [source],
      );
      for (const source of readings) {
        let carry: Carry | undefined;
        for (let count = 0; count < records / readings.length; count += 1) {
          const text = damagedText(texts[Math.floor(random() * texts.length)]!, random);
          carry = readOnce(source, text, carry, random);
          assert.ok(JSON.stringify(carry ?? {}).length < 8000, 'the carry stays small');
        }
      }
    }).timeout(600_000);
  }
});

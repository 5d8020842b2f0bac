// Damaged rows by the thousand: real-shaped lines with bytes changed, cut, doubled and figures replaced. Whatever comes,
// no exception and no absurd figure.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Carry, type LineSource } from '../../../src/agents/agent';
import { claudeCode } from '../../../src/agents/claudeCode';
import { seeded } from '../../bench/generateHistory';
import { contextOf, fixturesFolder } from './fixtureCase';

const wild = [
  '-1',
  '1e999',
  '1e300',
  '""',
  'null',
  '[]',
  '{}',
  '"12"',
  '0.5',
  '18446744073709551616',
  'NaN',
  'true',
  '"\\u0000"',
];

/** How many damaged lines; the bench asks for 100,000. */
export const fuzzLines = Number(process.env['TOKENOMETER_FUZZ_LINES'] ?? 4000);

describe('claude code: damaged lines', () => {
  it(`takes ${fuzzLines} of them without an exception or an absurd figure`, () => {
    const random = seeded(42);
    const lines = readdirSync(join(fixturesFolder, 'claude-code'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(join(fixturesFolder, 'claude-code', name), 'utf8').split('\n'))
      .filter((line) => line !== '');
    const source = claudeCode.sources[0] as LineSource;
    const context = contextOf('/home/someone/.claude/projects/p/s.jsonl');
    const at = (length: number) => Math.floor(random() * length);
    let carry: Carry | undefined;
    let events = 0;
    for (let round = 0; round < fuzzLines; round += 1) {
      let line = lines[at(lines.length)]!;
      for (let change = at(4); change >= 0; change -= 1) line = damaged(line, at, random);
      const parsed = source.parseLine(line, round, carry, context);
      carry = random() < 0.1 ? undefined : (JSON.parse(JSON.stringify(parsed.carry ?? {})) as Carry);
      for (const event of parsed.events) {
        events += 1;
        for (const [name, value] of Object.entries(event)) {
          if (typeof value !== 'number') continue;
          assert.ok(value >= 0 && value < 1e13, `${event.kind}.${name} = ${value} from ${line}`);
          if (name.endsWith('Tokens')) assert.ok(Number.isSafeInteger(value) && value <= 1e11, `${name} = ${value}`);
        }
      }
    }
    assert.ok(events > fuzzLines / 20, 'the damage leaves something to read');
  }).timeout(600_000);
});

function damaged(line: string, at: (length: number) => number, random: () => number): string {
  const dice = random();
  const place = at(line.length);
  if (dice < 0.35)
    return line.replace(/:(\d+|null|"[^"]{0,12}")(?=[,}])/g, (whole) =>
      random() < 0.2 ? `:${wild[at(wild.length)]}` : whole,
    );
  if (dice < 0.5) return line.slice(0, place);
  if (dice < 0.65) return line.slice(0, place) + line.slice(place + 1 + at(20));
  if (dice < 0.8) return line.slice(0, place) + String.fromCharCode(at(0x2fff)) + line.slice(place + 1);
  if (dice < 0.9) return line + line.slice(place);
  return line.slice(place) + line.slice(0, place);
}

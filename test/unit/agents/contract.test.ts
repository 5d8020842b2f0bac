// What every agent must keep to, on its own fixtures. How fixtures are written:
//
//   test/fixtures/agents/<agent id>/<case>/home/…          files as the agent lays them out below an invented home
//   test/fixtures/agents/<agent id>/<case>/expected.json   what must come out, worked out by hand
//
// - The machine of the tests is a Linux one without variables: HOME = the case's `home`, one editor user folder
//   `<home>/.config/Code/User`. Every value is invented. A file `x.sql` becomes the database `x` before reading,
//   `x.zst.txt` the packed `x.zst`.
// - expected.json is the list of the calls that count, ordered by key (or an object `{calls, prompts?, tools?,
//   sessions?, skipped?}`; lists that are named are compared whole, in order of key, field by field as written;
//   `skipped` is the list of reasons, sorted). Calls are compared after merging copies by key and after `precedence`
//   and `fingerprint` are applied (src/ledger/merge.ts).
//   A call's token fields that are left out are 0, `quality` is exact, and `webSearches`, `unrecordedOutputTokens`,
//   `isCutOff`, `reportedCostUsd`, `reportedCredits`, `isSubagent`, `role` and `region` that are left out must be
//   absent.
//   Other fields (cwd, branch, provider, promptKey, agentName …) are compared where they are written.
// - Every case plants the word `quokkamarker` in the texts of messages (prompt, answer, tool argument and result,
//   title): it may come out nowhere. Not in ids, paths, models or branches.
// - Times in expected.json may be written as ISO text: `"atMs": "2026-11-02T09:15:04.120Z"`.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Agent, type Carry, type LogEvent, type UsageEvent } from '../../../src/agents/agent';
import { agents } from '../../../src/agents/agents';
import {
  callsOf,
  contextOf,
  environmentOf,
  fixturesFolder,
  type LinesReading,
  makeHome,
  readHome,
  readLinesOf,
  sourceFiles,
} from './fixtureCase';

const marker = 'quokkamarker';
const tokenFields = [
  'inputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'outputTokens',
  'reasoningTokens',
] as const;
const absentUnlessNamed = [
  'webSearches',
  'unrecordedOutputTokens',
  'isCutOff',
  'reportedCostUsd',
  'reportedCredits',
  'isSubagent',
  'role',
  'region',
] as const;

type Fields = Readonly<Record<string, unknown>>;
interface Expected {
  readonly calls: readonly Fields[];
  readonly prompts?: readonly Fields[];
  readonly tools?: readonly Fields[];
  readonly sessions?: readonly Fields[];
  readonly skipped?: readonly string[];
}

function expectedOf(caseFolder: string): Expected {
  const written = JSON.parse(readFileSync(join(caseFolder, 'expected.json'), 'utf8')) as Fields[] | Expected;
  return Array.isArray(written) ? { calls: written } : written;
}

/** The fields of `actual` that `expected` speaks of, so that a difference reads well. */
function shown(actual: Fields, expected: Fields, always: readonly string[] = []): Fields {
  const names = [...new Set([...Object.keys(expected), ...always])];
  return Object.fromEntries(names.map((name) => [name, actual[name]]));
}

function withTimes(fields: Fields): Fields {
  return typeof fields['atMs'] === 'string' ? { ...fields, atMs: Date.parse(fields['atMs']) } : fields;
}

function assertCalls(actual: readonly UsageEvent[], expected: readonly Fields[]): void {
  const wanted = expected.map((call): Fields => {
    const defaults = Object.fromEntries(tokenFields.map((name) => [name, 0]));
    const absent = Object.fromEntries(absentUnlessNamed.map((name) => [name, undefined]));
    return { ...absent, ...defaults, quality: 'exact', ...withTimes(call) };
  });
  const got = actual.map((call, index) =>
    shown(call as unknown as Fields, wanted[index] ?? {}, ['key', ...tokenFields]),
  );
  assert.deepEqual(got, wanted);
}

function assertOthers(
  kind: LogEvent['kind'],
  events: readonly LogEvent[],
  expected: readonly Fields[] | undefined,
): void {
  if (!expected) return;
  const idOf = (event: LogEvent) => ('key' in event ? event.key : 'sessionId' in event ? event.sessionId : '');
  const latest = new Map<string, Fields>();
  for (const event of events) {
    if (event.kind === kind) latest.set(idOf(event), { ...latest.get(idOf(event)), ...event });
  }
  const sorted = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
  const wanted = expected.map(withTimes);
  assert.deepEqual(
    sorted.map((event, index) => shown(event, wanted[index] ?? {})),
    wanted,
  );
}

function assertSound(events: readonly LogEvent[]): void {
  for (const event of events) {
    for (const [name, value] of Object.entries(event)) {
      if (typeof value !== 'number') continue;
      assert.ok(value >= 0 && Number.isFinite(value), `${event.kind}.${name} is ${value}`);
      if (/Tokens$|^atMs$|^webSearches$/.test(name)) assert.ok(Number.isSafeInteger(value), `${name} is ${value}`);
    }
    if (event.kind === 'call') assert.ok(event.reasoningTokens <= event.outputTokens, 'reasoning is a part of output');
  }
}

function casesOf(agent: Agent): string[] {
  const folder = join(fixturesFolder, agent.id);
  return existsSync(folder) ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory()) : [];
}

describe('agents: the contract', () => {
  it('each agent has its own id and fixtures, and each fixture folder its agent', () => {
    const ids = agents.map((agent) => agent.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const agent of agents) assert.ok(casesOf(agent).length > 0, `${agent.id} has no fixture case`);
    for (const folder of readdirSync(fixturesFolder))
      assert.ok(ids.includes(folder as Agent['id']), `${folder}: no agent`);
  });

  for (const agent of agents) {
    describe(agent.id, () => {
      for (const name of casesOf(agent)) describe(name, () => contract(agent, join(fixturesFolder, agent.id, name)));

      it('takes damaged input without an exception or an absurd figure', () => {
        for (const source of agent.sources) {
          const context = contextOf('/home/someone/file');
          for (const text of ['', '{', '[]', 'null', '{"type":', '\u0000', '{"a":{"b":[1,2,{"c":null}]}}', '7']) {
            if (source.kind === 'lines') assertSound(source.parseLine(text, 0, undefined, context).events);
            if (source.kind === 'document') assertSound(source.parseDocument(text, context).events);
          }
          if (source.kind !== 'database') continue;
          for (const query of source.queries) {
            for (const value of [null, 'text', -1, 1.5, '{}', '{"tokens":null}', '[', new Uint8Array(4)]) {
              const columns = [...query.columns, ...(query.optional ?? [])];
              assertSound(query.parseRow(Object.fromEntries(columns.map((column) => [column, value])), context).events);
            }
          }
        }
      });
    });
  }
});

function contract(agent: Agent, caseFolder: string): void {
  let home = '';
  before(() => (home = makeHome(caseFolder)));
  after(() => rmSync(home, { recursive: true, force: true }));
  const read = () => readHome(agent, environmentOf(home));

  it('gives the expected events, none of them negative', () => {
    const { events, skipped } = read();
    const expected = expectedOf(caseFolder);
    assertCalls(callsOf(events), expected.calls);
    assertOthers('prompt', events, expected.prompts);
    assertOthers('tool', events, expected.tools);
    assertOthers('session', events, expected.sessions);
    if (expected.skipped) assert.deepEqual(skipped.toSorted(), expected.skipped);
    assertSound(events);
  });

  it('repeats no word of a message', () => {
    const planted = readdirSync(join(caseFolder, 'home'), { recursive: true })
      .map((name) => join(caseFolder, 'home', String(name)))
      .some((path) => statSync(path).isFile() && readFileSync(path).includes(marker));
    assert.ok(planted, `no message of the case holds the word ${marker}`);
    assert.ok(!JSON.stringify(read()).includes(marker));
  });

  it('gives the same when the bytes come in two pieces, cut anywhere, the carry going through JSON', () => {
    for (const [source, { file, context }] of sourceFiles(agent, environmentOf(home))) {
      if (source.kind !== 'lines') continue;
      const bytes = readFileSync(file.path);
      const whole = readLinesOf(source, bytes, context);
      const seconds = new Map<string, LinesReading>();
      for (const cut of cutsOf(bytes)) {
        const first = readLinesOf(source, bytes.subarray(0, cut), context);
        const saved = JSON.stringify({ offset: first.offset, carry: first.carry });
        const mark = JSON.parse(saved) as { offset: number; carry: Carry | undefined };
        const second: LinesReading = seconds.get(saved) ?? readLinesOf(source, bytes, context, mark);
        seconds.set(saved, second);
        const events = [...first.events, ...second.events];
        assert.deepEqual(distinct(events), distinct(whole.events), `cut at byte ${cut} of ${file.relativePath}`);
        assert.deepEqual([...first.skipped, ...second.skipped], whole.skipped, `cut at byte ${cut}`);
      }
    }
  });

  it('reads the same from bytes as from text, where it can do both', () => {
    for (const [source, { file, context }] of sourceFiles(agent, environmentOf(home))) {
      if (source.kind !== 'lines' || !('parseBytes' in source)) continue;
      const bytes = readFileSync(file.path);
      const byText = { ...source, parseBytes: undefined };
      const { events, skipped } = readLinesOf(source, bytes, context);
      const expected = readLinesOf(byText, bytes, context);
      assert.deepEqual({ events, skipped }, { events: expected.events, skipped: expected.skipped }, file.relativePath);
    }
  });

  it('steps over broken lines and counts them', () => {
    for (const [source, { file, context }] of sourceFiles(agent, environmentOf(home))) {
      if (source.kind !== 'lines') continue;
      const lines = readFileSync(file.path, 'utf8').split('\n');
      const broken = `{"cut":"${source.needles.join(' ').replaceAll('"', '\\"')}",${source.needles.join(',')}:`;
      const damaged = lines.flatMap((line) => (line.trim() === '' ? [line] : [broken, line]));
      const reading = readLinesOf(source, Buffer.from(damaged.join('\n')), context);
      const whole = readLinesOf(source, Buffer.from(lines.join('\n')), context);
      // Places and keys made of offsets differ; what is counted does not.
      assert.deepEqual(figures(reading.events), figures(whole.events), file.relativePath);
      const count = lines.filter((line) => line.trim() !== '').length;
      assert.equal(reading.skipped.length - whole.skipped.length, count, `${file.relativePath}: broken lines counted`);
    }
  });
}

/** Every offset of a small file; of a larger one every line's ends and beginnings, and some 200 more. */
function cutsOf(bytes: Buffer): number[] {
  if (bytes.length <= 3000) return [...bytes.keys()];
  const cuts = new Set<number>();
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    for (const by of [-1, 0, 1, 2]) cuts.add(at + by);
  for (let at = 7; at < bytes.length; at += Math.ceil(bytes.length / 200)) cuts.add(at);
  return [...cuts];
}

/** Events as a set: a line that was read before its end and again after it gives its events twice. */
function distinct(events: readonly LogEvent[]): string[] {
  const text = (event: LogEvent) => JSON.stringify(event, Object.keys(event).sort());
  return [...new Set(events.map(text))].sort();
}

function figures(events: readonly LogEvent[]): unknown[] {
  return callsOf(events).map((call) => [call.model, call.atMs, ...tokenFields.map((name) => call[name])]);
}

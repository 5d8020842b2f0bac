import assert from 'node:assert/strict';
import { adviceOn, quietNow, type AdviceFacts } from '../../../src/advisor/advice.js';
import { effortCommand, switchCommand } from '../../../src/advisor/agentCommands.js';
import { freshLearning, recordFate, recordHint } from '../../../src/advisor/learning.js';
import { modelName } from '../../../src/advisor/modelNames.js';
import { offersOf, type ModelOffer } from '../../../src/advisor/modelOffer.js';
import { situationOf, type SentPrompt } from '../../../src/advisor/situation.js';
import { tierOf } from '../../../src/pricing/tiers.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const sent = (more: Partial<SentPrompt> = {}): SentPrompt => ({
  agent: 'claude-code',
  sessionId: 's',
  project: '/p',
  atMs: 0,
  lastMs: minuteMs,
  turn: 0,
  model: 'claude-opus-5-5',
  isExact: true,
  firstUncachedTokens: 30_000,
  firstWrittenTokens: 30_000,
  contextTokens: 32_000,
  endContextTokens: 60_000,
  cacheTtl: '1h',
  ...more,
});
const starts = (count: number, more: Partial<SentPrompt> = {}): SentPrompt[] =>
  Array.from({ length: count }, (_, at) =>
    sent({
      sessionId: `s${at}`,
      atMs: at * dayMs,
      lastMs: at * dayMs + minuteMs,
      firstUncachedTokens: 30_000 + at * 100,
      firstWrittenTokens: 30_000 + at * 100,
      ...more,
    }),
  );
const later = (rows: readonly SentPrompt[], byMs: number) => ({ nowMs: rows.at(-1)!.lastMs + byMs, project: '/p' });

describe('situationOf', () => {
  it('knows nothing without a prompt', () => assert.equal(situationOf([], { nowMs: 0 }), undefined));

  it('a session in whose cache the context still lies goes on; its least work is reading that context once', () => {
    const rows = [...starts(3), sent({ sessionId: 'live', atMs: 9 * dayMs, lastMs: 9 * dayMs, turn: 4 })];
    const warm = situationOf(rows, later(rows, 50 * minuteMs))!;
    assert.equal(warm.sessionId, 'live');
    assert.equal(warm.turn, 5);
    assert.equal(warm.cachedContextTokens, 60_000);
    assert.deepEqual(warm.work, { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 60_000, outputTokens: 0 });
    assert.equal(situationOf(rows, later(rows, 61 * minuteMs))!.sessionId, undefined);
    const short = rows.map((row) => ({ ...row, cacheTtl: '5m' as const }));
    assert.equal(situationOf(short, later(short, 6 * minuteMs))!.sessionId, undefined);
  });

  it('a start is worth half of the least that ten cold starts took', () => {
    const rows = starts(12);
    const cold = situationOf(rows, later(rows, 2 * dayMs))!;
    assert.equal(cold.turn, 0);
    assert.equal(cold.cachedContextTokens, 0);
    assert.equal(cold.work?.cacheWriteTokens, 15_000);
    assert.equal(cold.starts, 12);
    assert.equal(situationOf(rows.slice(0, 9), later(rows, 2 * dayMs))!.work, undefined);
  });

  it('a start while another session is warm proves nothing, and none is claimed then', () => {
    const rows = starts(12);
    // One began a minute after another had ended: half of its prompt was in the cache.
    const follower = sent({
      sessionId: 'x',
      atMs: rows[3]!.lastMs + minuteMs,
      lastMs: rows[3]!.lastMs + 2 * minuteMs,
      firstUncachedTokens: 2_000,
      firstWrittenTokens: 2_000,
    });
    assert.equal(situationOf([...rows, follower], later(rows, 2 * dayMs))!.work?.cacheWriteTokens, 15_000);
    const elsewhere = [...rows, sent({ project: '/q', atMs: 20 * dayMs, lastMs: 20 * dayMs })];
    const beside = situationOf(elsewhere, { nowMs: 20 * dayMs + minuteMs, project: '/p' })!;
    assert.equal(beside.sessionId, undefined);
    assert.equal(beside.work, undefined);
  });

  it('prices as written only what was written: an agent that logs no writes pays the input rate', () => {
    const rows = starts(12, { firstWrittenTokens: 0, firstUncachedTokens: 20_000 });
    const cold = situationOf(rows, later(rows, 2 * dayMs))!;
    assert.equal(cold.work?.cacheWriteTokens, 0);
    assert.equal(cold.work?.inputTokens, 10_000);
  });

  it('rests on the last twenty of them, and on none without tokens', () => {
    const rows = starts(40).map((row, at) => (at < 20 ? { ...row, firstWrittenTokens: 100 } : row));
    const cold = situationOf(rows, later(rows, 2 * dayMs))!;
    assert.equal(cold.starts, 20);
    assert.equal(cold.work?.cacheWriteTokens, 16_000);
    const empty = [...rows, sent({ atMs: 60 * dayMs, lastMs: 60 * dayMs, contextTokens: 0, firstUncachedTokens: 0 })];
    assert.equal(situationOf(empty, later(empty, 2 * dayMs))!.work?.cacheWriteTokens, 16_000);
  });

  it('leaves out starts with estimated figures, and falls back on other projects where this one has few', () => {
    const guessed = starts(12, { isExact: false });
    assert.equal(situationOf(guessed, later(guessed, 2 * dayMs))!.work, undefined);
    const elsewhere = starts(12, { project: '/q' });
    assert.equal(situationOf(elsewhere, later(elsewhere, 2 * dayMs))!.model, 'claude-opus-5-5');
    assert.equal(situationOf(elsewhere, later(elsewhere, 2 * dayMs))!.starts, 12);
  });
});

const offer = (id: string, family: string, tier: ModelOffer['tier'], price: number): ModelOffer => ({
  id,
  provider: 'anthropic',
  family,
  tier,
  generation: 5.5,
  tokenizer: 'claude-new',
  rates: { input: price, output: 5 * price, cacheRead: price / 10, cacheWrite: 2 * price },
});
const opus = offer('claude-opus-5-5', 'opus', 'frontier', 4);
const sonnet = offer('claude-sonnet-5-5', 'sonnet', 'balanced', 2);
const haiku = offer('claude-haiku-5-5', 'haiku', 'small', 0.1);

describe('adviceOn', () => {
  const rows = starts(12);
  const facts: AdviceFacts = {
    prompt: 'Can you explain what the config file is for?',
    situation: situationOf(rows, later(rows, 2 * dayMs)),
    current: opus,
    offers: [opus, sonnet, haiku],
  };
  const why = (more: Partial<AdviceFacts>): string => {
    const found = adviceOn({ ...facts, ...more });
    return found.kind === 'silence' ? found.why : 'spoke';
  };

  it('names the smaller model, the kind of prompt and a floor', () => {
    const found = adviceOn(facts);
    assert.ok(found.kind === 'hint');
    assert.equal(found.suggestion.to.id, 'claude-haiku-5-5');
    assert.equal(found.pattern, 'opens with explain');
    assert.ok(Math.abs(found.suggestion.savingFloorUsd - (15_000 * (8 - 2.5 * 0.2)) / 1e6) < 1e-12);
  });

  it('is silent, with the reason, about everything else', () => {
    assert.equal(why({ prompt: 'yes' }), 'approval');
    assert.equal(why({ prompt: '' }), 'empty');
    assert.equal(why({ prompt: `${facts.prompt} `.repeat(30_000) }), 'too-long');
    assert.equal(why({ prompt: 'Kannst du mir erklären, was die Datei macht?' }), 'language');
    assert.equal(why({ hasImage: true }), 'image');
    assert.equal(why({ planMode: true }), 'plan-mode');
    assert.equal(why({ prompt: 'Refactor all modules to use the new client and add tests for each' }), 'no-signal');
    assert.equal(why({ current: undefined }), 'unknown-model');
    assert.equal(why({ situation: undefined }), 'unknown-model');
    assert.equal(why({ offers: [opus] }), 'no-candidate');
    assert.equal(why({ current: haiku, offers: [opus, sonnet, haiku] }), 'no-candidate');
    assert.equal(why({ offers: [opus, sonnet] }), 'saving-too-small');
    assert.equal(why({ situation: { ...facts.situation!, work: undefined } }), 'work-unknown');
  });

  it('is silent in a warm session, where reading the context again costs more', () => {
    const live = [...rows, sent({ sessionId: 'live', atMs: 40 * dayMs, lastMs: 40 * dayMs, turn: 3 })];
    assert.equal(why({ situation: situationOf(live, later(live, minuteMs)) }), 'saving-too-small');
  });

  it('keeps the quiet budget and what was hidden', () => {
    const found = adviceOn(facts);
    assert.ok(found.kind === 'hint');
    const moment = { nowMs: 100 * dayMs, dayStartMs: 100 * dayMs, sessionId: 'now' };
    assert.equal(quietNow(freshLearning, found, moment), undefined);
    const shown = recordHint(freshLearning, 'a', { ...moment, pattern: found.pattern });
    assert.equal(quietNow(shown, found, moment), 'session');
    const hidden = recordFate(shown, 'a', 'hide-kind', moment.nowMs);
    assert.equal(quietNow(hidden, found, { ...moment, sessionId: 'next' }), 'muted');
    assert.equal(quietNow(hidden, { ...found, pattern: 'has git' }, { ...moment, sessionId: 'next' }), undefined);
  });
});

describe('offersOf', () => {
  it('takes the newest of each tier, and what is in use; no other maker, no moving names', () => {
    const known = ['claude-3-haiku', 'claude-haiku-5-5', 'claude-haiku-latest', 'claude-opus-5', 'claude-opus-5-5'];
    assert.deepEqual(
      [...offersOf('anthropic', [...known, 'gpt-6-luna'], ['claude-sonnet-4-5', 'gpt-5', ''], tierOf)].sort(),
      ['claude-haiku-5-5', 'claude-opus-5-5', 'claude-sonnet-4-5'],
    );
    assert.deepEqual(offersOf('nobody', known, [], tierOf), []);
  });
});

describe('agentCommands', () => {
  it('says what one types, short where short means this very model', () => {
    assert.deepEqual(switchCommand('claude-code', haiku, [opus, haiku]), { text: '/model haiku', where: 'chat' });
    const older = { ...haiku, id: 'claude-haiku-4-5', generation: 4.5 };
    assert.equal(switchCommand('claude-code', older, [haiku, older]).text, '/model claude-haiku-4-5');
    assert.equal(switchCommand('codex', { ...haiku, id: 'gpt-6-luna' }, []).text, 'codex --model gpt-6-luna');
    assert.deepEqual(switchCommand('cline', haiku, []), { text: 'claude-haiku-5-5', where: 'model' });
  });

  it('knows where effort is a lever', () => {
    assert.equal(effortCommand('claude-code', 'frontier')?.text, '/effort low');
    assert.equal(effortCommand('claude-code', 'small'), undefined);
    assert.equal(effortCommand('opencode', 'frontier'), undefined);
  });
});

describe('modelName', () => {
  it('says a model’s name as people do', () => {
    const names = {
      'claude-haiku-4-5-20251001': 'Haiku 4.5',
      'claude-opus-5': 'Opus 5',
      'anthropic/claude-sonnet-5-5': 'Sonnet 5.5',
      'claude-3-5-haiku-latest': 'Haiku 3.5',
      'gpt-6.1-sol': 'gpt-6.1-sol',
      '': '',
    };
    for (const [id, name] of Object.entries(names)) assert.equal(modelName(id), name);
  });
});

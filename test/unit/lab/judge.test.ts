// The lab's own judgement: what it calls equal, what it names a gap, and that nothing else passes.
import assert from 'node:assert/strict';
import { type Figures, type LoggedCall } from '../../lab/figures';
import { judge, type Request } from '../../lab/judge';
import { type LabAgent } from '../../lab/labAgent';
import { labAgents } from '../../lab/labAgents';
import { type Usage } from '../../lab/wire';
import { noFigures } from '../../../src/ledger/totals';

const agentOf = (id: string): LabAgent => labAgents.find((agent) => agent.id === id)!;
const claude = agentOf('claude-code');

const usage: Usage = {
  input: 2001,
  cacheRead: 30100,
  cacheWrite5m: 640,
  cacheWrite1h: 1280,
  output: 403,
  reasoning: 51,
};

function request(more: Partial<Request> = {}): Request {
  const served = {
    number: 1,
    wire: 'messages',
    model: 'm',
    script: 'one',
    outcome: 'answered',
    usage,
    during: 'run',
  } as const;
  return { ...served, ...more };
}

function call(more: Partial<LoggedCall> = {}): LoggedCall {
  return { agent: 'claude-code', key: 'k', model: 'm', ...usage, reasoning: 0, unrecorded: null, ...more };
}

const nothing = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

function figures(...calls: LoggedCall[]): Figures {
  const sum = (name: keyof Usage) => calls.reduce((all, one) => all + one[name], 0);
  const totals = {
    ...noFigures(),
    key: '',
    calls: calls.length,
    inputTokens: sum('input'),
    cacheReadTokens: sum('cacheRead'),
    cacheWrite5mTokens: sum('cacheWrite5m'),
    cacheWrite1hTokens: sum('cacheWrite1h'),
    outputTokens: sum('output'),
    reasoningTokens: sum('reasoning'),
    totalTokens: 0,
  };
  return { calls, totals, withoutCall: nothing };
}

describe('lab: the judge', () => {
  it('calls equal what is equal in the buckets that the log can hold', () => {
    assert.deepEqual(judge(claude, [request()], figures(call())), { equal: 1, gaps: [], unexplained: [] });
    const codex = call({ agent: 'codex', cacheWrite5m: 1920, cacheWrite1h: 0, reasoning: 51 });
    assert.deepEqual(judge(agentOf('codex'), [request()], figures(codex)).unexplained, []);
    const gemini = call({ agent: 'gemini-cli', cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 51 });
    assert.deepEqual(judge(agentOf('gemini-cli'), [request()], figures(gemini)).unexplained, []);
  });

  it('lets no wrong bucket, missing, doubled or invented call pass', () => {
    const unexplained = (requests: Request[], ...calls: LoggedCall[]) =>
      judge(claude, requests, figures(...calls)).unexplained.length;
    for (const wrong of [
      { output: 404 },
      { cacheRead: 0 },
      { cacheWrite5m: 1920, cacheWrite1h: 0 },
      { reasoning: 5 },
    ]) {
      assert.equal(unexplained([request()], call(wrong)) > 0, true, JSON.stringify(wrong));
    }
    assert.equal(unexplained([request()]), 1);
    assert.equal(unexplained([request()], call(), call({ key: 'k2' })), 1);
    assert.equal(unexplained([request()], call(), call({ key: 'k2', input: 77 })), 1);
    assert.equal(unexplained([request()], call(), call({ key: 'k2', agent: 'pi' })), 1);
    assert.equal(unexplained([request()], call({ unrecorded: 9 })), 1);
  });

  it('names a gap only where the agent is known to have it', () => {
    const title = request({ script: undefined });
    const codex = request({ script: 'child' });
    assert.deepEqual(judge(agentOf('codex'), [codex], figures()), {
      equal: 0,
      gaps: ['child running when its parent ended'],
      unexplained: [],
    });
    assert.equal(judge(agentOf('pi'), [title], figures()).unexplained.length, 1);
  });

  it('holds a running total to what was served and is in no call', () => {
    const title = request({ script: undefined });
    const proven = { input: 2001, cacheRead: 30_100, cacheWrite: 1920, output: 403 };
    assert.deepEqual(judge(claude, [title], { ...figures(), withoutCall: proven }), {
      equal: 0,
      gaps: ['title call, known from the running total'],
      unexplained: [],
    });
    assert.equal(judge(claude, [title], figures()).unexplained.length, 4);
    assert.equal(judge(claude, [request()], { ...figures(call()), withoutCall: proven }).unexplained.length, 4);
    // After a cut nobody knows what the total should hold.
    const cut = request({ outcome: 'cut' });
    assert.deepEqual(judge(claude, [cut], { ...figures(), withoutCall: proven }).unexplained, []);
  });

  it('wants a cut call to be missing or marked, and a refused one to be nowhere', () => {
    const cut = request({ outcome: 'cut' });
    assert.deepEqual(judge(claude, [cut], figures()).gaps, ['cut call']);
    assert.deepEqual(judge(claude, [cut], figures(call({ output: 3, unrecorded: 9 }))).gaps, ['output of a cut call']);
    assert.equal(judge(claude, [cut], figures(call({ output: 3 }))).unexplained.length, 1);
    const refused = request({ outcome: 'refused' });
    assert.deepEqual(judge(claude, [refused], figures()), { equal: 0, gaps: [], unexplained: [] });
    assert.equal(judge(claude, [refused], figures(call())).unexplained.length, 1);
  });

  it('takes a row of zeros only where it is marked and something went wrong', () => {
    const zeros = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    const cut = request({ outcome: 'cut' });
    assert.deepEqual(judge(claude, [cut], figures(call({ ...zeros, unrecorded: 0 }))).gaps, [
      'cut call',
      'row of zeros',
    ]);
    assert.equal(judge(claude, [cut], figures(call(zeros))).unexplained.length, 1);
    assert.equal(
      judge(claude, [request()], figures(call(), call({ ...zeros, key: 'z', unrecorded: 0 }))).unexplained.length,
      1,
    );
  });

  it('holds the totals to the calls', () => {
    const off = figures(call());
    const wrong = { ...off, totals: { ...off.totals, outputTokens: off.totals.outputTokens + 1 } };
    assert.equal(judge(claude, [request()], wrong).unexplained.length, 1);
  });
});

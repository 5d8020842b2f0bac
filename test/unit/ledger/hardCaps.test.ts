import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFile } from '../../../src/ledger/dataFiles';
import { keepHardCaps, type ReachedCap, writeHookScript } from '../../../src/ledger/hardCaps';
import { hookCommand, toggleHook } from '../../../src/ledger/hookSettings';
import { Store } from '../../../src/ledger/store';

describe('hard caps', () => {
  let folder: string;
  let store: Store;
  const nowMs = Date.now();
  const hourMs = 3_600_000;
  const day: ReachedCap = { id: 'day', untilMs: nowMs + hourMs, words: 'Today’s cap is used up.' };
  const app: ReachedCap = {
    id: 'project /code/app',
    untilMs: nowMs + hourMs,
    folder: '/code/app',
    words: 'App:\tused up.\n',
  };
  const state = () => (existsSync(join(folder, stateFile)) ? readFileSync(join(folder, stateFile), 'utf8') : '');
  /** As Claude Code runs it: JSON on the input, the project in a variable. */
  const ask = (project: string, session = 's-1') => {
    const { status, stderr } = spawnSync('sh', ['-c', hookCommand(writeHookScript(folder))], {
      input: JSON.stringify({ session_id: session, prompt: 'go on' }),
      env: { PATH: process.env['PATH'], CLAUDE_PROJECT_DIR: project },
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tokenometer's caps-"));
    store = Store.open(folder);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses everywhere, with the words, as long as the cap holds', () => {
    assert.deepEqual(ask('/code/app'), { status: 0, stderr: '' });
    keepHardCaps(store, folder, [day], '', nowMs);
    assert.deepEqual(ask('/code/app'), { status: 2, stderr: 'Today’s cap is used up.\n' });
    keepHardCaps(store, folder, [], '', nowMs);
    assert.deepEqual(ask('/code/app'), { status: 0, stderr: '' });
    assert.equal(state(), '');
  });

  it('refuses only in its folder, only in its session, and not after its time', () => {
    keepHardCaps(store, folder, [app], '/code/app', nowMs);
    assert.deepEqual(ask('/code/app/lib'), { status: 2, stderr: 'App: used up. \n' });
    assert.equal(ask('/code/application').status, 0);
    keepHardCaps(store, folder, [{ ...day, sessionId: 's-9' }], '/code/app', nowMs);
    assert.equal(ask('/code/app').status, 0);
    assert.equal(ask('/code/app', 's-9').status, 2);
    keepHardCaps(store, folder, [{ ...day, untilMs: nowMs - 1000 }], '', nowMs);
    assert.equal(ask('/code/app').status, 0);
  });

  it('a window answers for its own folders, and leaves those of others alone', () => {
    keepHardCaps(store, folder, [day, app], '/code/app', nowMs);
    keepHardCaps(store, folder, [day], '/code/lib', nowMs);
    assert.match(state(), /\/code\/app/);
    keepHardCaps(store, folder, [app], '/code/app', nowMs);
    assert.doesNotMatch(state(), /Today/);
    keepHardCaps(store, folder, [], '/code/lib', nowMs + 2 * hourMs);
    assert.equal(state(), '');
  });

  it('lets prompts through where the state file is broken', () => {
    for (const text of ['', '\n', 'x\ty\tz\tw\n', '99999999999999999999999', '\t\t\t\n', 'soon\t*\t*\tno\n']) {
      writeFileSync(join(folder, stateFile), text);
      assert.equal(ask('/code/app').status, 0, JSON.stringify(text));
    }
  });
});

describe("the hook in Claude Code's settings", () => {
  const script = '/home/u/data/hard-cap.sh';
  const added = (text: string) => {
    const change = toggleHook(text, script);
    assert.ok(change?.isAdded);
    return change.text;
  };

  it('is put in beside everything else, as the file is written, and taken out without a trace', () => {
    const text = `${JSON.stringify(
      { model: 'opus', hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'x' }] }], Stop: [] } },
      undefined,
      4,
    )}\n`;
    const withHook = added(text);
    assert.deepEqual((JSON.parse(withHook) as { hooks: { UserPromptSubmit: unknown[] } }).hooks.UserPromptSubmit[1], {
      hooks: [{ type: 'command', command: `sh '${script}'` }],
    });
    assert.match(withHook, /^\{\n {4}"model"/);
    assert.deepEqual(toggleHook(withHook, script), { text, isAdded: false });
    assert.deepEqual(toggleHook(added(''), script), { text: '{}\n', isAdded: false });
  });

  it('keeps its hands off what is no settings object', () => {
    for (const text of ['[]', '{"a":', '3', '// notes\n{}']) assert.equal(toggleHook(text, script), undefined, text);
  });

  it('stands odd shapes of hooks', () => {
    for (const hooks of ['[]', '3', '{"UserPromptSubmit":{}}', '{"UserPromptSubmit":[{}]}', 'null'])
      assert.match(added(`{"hooks":${hooks}}`), /hard-cap/);
  });

  it('quotes the path for the shell', () => {
    assert.equal(hookCommand("C:\\it's\\hard-cap.sh"), `sh 'C:/it'\\''s/hard-cap.sh'`);
  });
});

// Prompts and instruction files as a person meets them: lenses, hints at headings, problems and fixes, each held against
// a recount by the command line's own counter.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createEncoder, type Encoder } from '../../src/tokens/encoder';
import { eventually } from '../host/eventually';
import { checkoutFolder } from '../host/folders';
import { startMachine, type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';
import { claudeCall } from './claudeCalls';

const words = (count: number) => 'lantern '.repeat(count).trim();

/** Random-looking, made here and valid nowhere. */
function noise(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let state = 3;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length];
  }).join('');
}

const log = Array.from(
  { length: 300 },
  (_, i) => `2026-03-04 05:06:${String(i % 60).padStart(2, '0')} INFO worker ${i} took job ${i * 7}`,
).join('\n');
const json = JSON.stringify(
  { name: 'harbor', ports: Array.from({ length: 12 }, (_, i) => ({ id: i, open: true })) },
  undefined,
  4,
);

/** What the tests' project holds beside the sample's own files. */
const files: Readonly<Record<string, string>> = {
  'CLAUDE.md': `# Harbor\n\nRead @docs/style.md first, then @docs/gone.md for more.\n\n## Build\n\n${words(60)}\n\n## Release\n\n${words(400)}\n\n## Tests\n\n${words(20)}\n`,
  'docs/style.md': `# Style\n\n${words(120)}\n\nSee @deep/1.md for details\n`,
  'docs/deep/1.md': '@2.md',
  'docs/deep/2.md': '@3.md',
  'docs/deep/3.md': '@4.md',
  'docs/deep/4.md': 'end',
  'log.prompt.md': `Why does this hang?\n\n\`\`\`\n${log}\n\`\`\`\n`,
  'json.prompt.md': `Answer like this:   \n\n\n\n\`\`\`json\n${json}\n\`\`\`\n`,
  'twice.prompt.md': `${words(60)}\n\nBetween.\n\n${words(60)}\n`,
  'lines.prompt.md': `Look:\n\n${'the same line again and again\n'.repeat(80)}`,
  'blob.prompt.md': `![logo](data:image/png;base64,${noise(3000)})\n`,
  'secret.prompt.md': `Use ghp_${noise(36)} to push.\n`,
  'codex/AGENTS.md': `# Rules\n\n${'Keep every function small. '.repeat(1300)}\n`,
  'comment.prompt.md': `Do this.\n\n<!-- ${words(20)} -->\n\nThen that.\n`,
  'blanks.prompt.md': `${'Look here \t \n\nAnd there\n\n  \n\n   \n\n\n'.repeat(12)}Done.\n`,
  'GEMINI.md': `# Harbor\n\nSee @docs/style.md and @../secret.md first\n`,
  '.github/copilot-instructions.md': `# Harbor\n\n${words(400)}\n`,
  '.github/instructions/web.instructions.md': `---\napplyTo: 'web/**'\n---\n${words(30)}\n`,
  '.cursor/rules/always.mdc': `---\nalwaysApply: true\n---\n${words(50)}\n`,
  '.cursor/rules/web.mdc': `---\nglobs: web/**\n---\n${words(40)}\n`,
  '.windsurf/rules/long.md': `${'Keep it short. '.repeat(900)}\n`,
  '.clinerules': `${words(70)}\n`,
  'nested/AGENTS.md': `# Rules\n\n${words(25)}\n`,
  'nested/api/AGENTS.md': `# More\n\n${words(35)}\n`,
  'plain.md': '# Nothing\n\n## For\n\n## Agents\n',
};

/** Sessions of Claude Code in the project that all began with as many tokens: more than are looked at. */
const sessionsBefore = 21;
const tokensBefore = 20_000;

/** A session that consists of its first call. */
function firstCall(home: string, id: string, atMs: number, promptTokens: number): void {
  const cwd = path.join(home, 'projects', 'harbor-api');
  const row = JSON.parse(claudeCall(id, 10, cwd)) as { message: { usage: object } };
  const usage = { ...row.message.usage, cache_creation_input_tokens: promptTokens };
  const session = {
    ...row,
    sessionId: id,
    timestamp: new Date(atMs).toISOString(),
    message: { ...row.message, usage },
  };
  const folder = path.join(home, '.claude', 'projects', cwd.replace(/[^A-Za-z0-9]/g, '-'));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${id}.jsonl`), `${JSON.stringify(session)}\n`);
}

function commitAll(folder: string): void {
  const author = ['-c', 'user.name=Harbor', '-c', 'user.email=harbor@example.com', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '-m', 'All'],
  ])
    execFileSync('git', args, { cwd: folder });
}

describe('Prompts and instruction files', () => {
  let machine: Machine;
  let window: Workbench;
  let encoder: Encoder;
  const at = (name: string) => path.join(machine.folder, name);
  const onDisk = (name: string) => fs.readFileSync(at(name), 'utf8');
  const count = (text: string) => encoder.count(text);
  const figure = (tokens: number) => tokens.toLocaleString('en-US');

  before(async () => {
    encoder = createEncoder(fs.readFileSync(path.join(checkoutFolder, 'dist', 'o200k_base.bin')), 'o200k_base');
    machine = await startMachine({
      settings: { 'tokenometer.tokens.model': 'gpt-5', 'editor.minimap.enabled': false, 'git.enabled': true },
      prepare: (home) => {
        const now = Date.now();
        for (let i = 1; i <= sessionsBefore; i++) firstCall(home, `before-${i}`, now - i * 1_000, tokensBefore);
      },
    });
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(at(name)), { recursive: true });
      fs.writeFileSync(at(name), text);
    }
    commitAll(machine.folder);
    window = await machine.openWindow();
  });
  after(() => machine.stop());

  /** The lenses once one of them matches. */
  const lenses = (pattern: RegExp) =>
    eventually(async () => {
      const found = await window.codeLenses();
      if (!found.some((lens) => pattern.test(lens)))
        throw new Error(`No lens like ${String(pattern)} in ${JSON.stringify(found)}`);
      return found;
    }, 60_000);

  /** The rows of the Problems panel once they match; the panel is closed again. */
  const problems = async (pattern: RegExp) => {
    await window.press('Mod+Shift+M');
    const found = await eventually(async () => {
      const rows = (await window.problems()).join(' | ');
      if (!pattern.test(rows)) throw new Error(`No problem like ${String(pattern)} in ${rows}`);
      return rows;
    }, 20_000);
    await window.press('Mod+J');
    return found;
  };

  it('say on the first line what the file weighs and costs', async () => {
    await window.openFile(at('CLAUDE.md'));
    const found = await lenses(/tokens/);
    const first = found.join(' | ');
    assert.ok(first.includes(`${figure(count(files['CLAUDE.md']!))} tokens`), first);
    assert.match(first, /% of \d+k/);
    assert.match(first, /\$0\.\d+ a send/);
  });

  it('say what a file that every turn carries costs in a month, by the person’s own turns and cache', async () => {
    await window.openFile(at('CLAUDE.md'));
    const pattern = /([\d.]+) a month at your ([\d.]+) turns a day, (\d+)% cached; ≈ \$([\d.]+) cold/;
    const found = (await lenses(pattern)).join(' | ');
    const [, month, turns, share, cold] = pattern.exec(found)!.map(Number);
    const imported = ['docs/style.md', 'docs/deep/1.md', 'docs/deep/2.md', 'docs/deep/3.md'];
    const tokens = ['CLAUDE.md', ...imported].reduce((sum, name) => sum + count(files[name]!), 0);
    // gpt-5: 1.25 dollars per million, 0.125 from the cache; writing into it is free.
    const perTurn = (tokens / 1e6) * ((share! / 100) * 0.125 + (1 - share! / 100) * 1.25);
    assert.ok(Math.abs(perTurn * turns! * 30 - month!) <= 0.12 * month!, `${found}: ${perTurn * turns! * 30}`);
    assert.ok(Math.abs((tokens / 1e6) * 1.25 - cold!) <= 0.06 * cold!, `${found}: ${tokens} tokens`);
  });

  it('say at each import what it pulls in, and what leads nowhere', async () => {
    await window.openFile(at('CLAUDE.md'));
    const found = (await lenses(/@docs\/style\.md/)).join(' | ');
    assert.ok(found.includes(`@docs/style.md: ${figure(count(files['docs/style.md']!))} tokens`), found);
    assert.ok(found.includes('with its imports'), found);
    assert.ok(found.includes('+143 by 4 imports'), found);
    assert.ok(found.includes('stops 4 hops down'), found);
    assert.ok(found.includes('@docs/gone.md: no such file'), found);
    await window.takePicture('prompt lenses');
  });

  it('show tokens and share at every heading, the heaviest marked', async () => {
    const text = await eventually(async () => {
      const shown = await window.editorText();
      if (!/heaviest/.test(shown)) throw new Error(`No heaviest section in ${shown}`);
      return shown;
    }, 15_000);
    const release = files['CLAUDE.md']!.match(/## Release\n\n.*\n\n/)![0];
    assert.match(text, new RegExp(`## Release.*${figure(count(release))}.*%.*heaviest`));
    assert.match(text, /## Build.*%/);
  });

  it('warn of an import that is too deep and tell of a missing one', async () => {
    const found = await problems(/4 hops deep/);
    assert.match(found, /Claude Code does not read 4\.md/);
    assert.match(found, /finds no file docs\/gone\.md/);
  });

  it('follow what one types', async () => {
    await window.openFile(at('CLAUDE.md'));
    await window.press('Mod+Home');
    // One word: one undo takes it back.
    const before = count(files['CLAUDE.md']!);
    await window.page.keyboard.insertText('lanternlanternlantern');
    const added = count(`lanternlanternlantern${files['CLAUDE.md']}`) - before;
    const found = (await lenses(/since HEAD/)).join(' | ');
    assert.ok(found.includes(`+${added} tokens every turn since HEAD`), found);
    assert.ok(found.includes(`${figure(before + added)} tokens`), found);
    await window.press('Mod+Z');
    await lenses(new RegExp(`^${figure(before)} tokens`));
    await save(window, at('CLAUDE.md'), files['CLAUDE.md']!);
  });

  it('warn of a secret without showing it, and where Codex stops reading', async () => {
    await window.openFile(at('secret.prompt.md'));
    await window.openFile(at('codex/AGENTS.md'));
    const found = await problems(/Codex stops reading.*live credential|live credential.*Codex stops reading/);
    assert.match(found, /live credential of GitHub/);
    assert.ok(!found.includes(noise(36).slice(0, 12)), 'the problem shows the secret');
  });

  /** Figures and words of each agent's file: a lens, who loads it when, and the first problem said, if any. */
  const agentFiles: readonly (readonly [file: string, lens: RegExp, tooltip: RegExp, problem?: RegExp])[] = [
    ['GEMINI.md', /@\.\.\/secret\.md: outside the project, Gemini CLI does not read it/, /every turn by Gemini CLI/],
    [
      '.github/copilot-instructions.md',
      /Copilot loads 2 files here: [\d,]+ tokens/,
      /every turn by Copilot/,
      /A passage of [\d.]+k? tokens also stands in CLAUDE\.md, which Copilot loads together/,
    ],
    ['.github/instructions/web.instructions.md', /tokens/, /by Copilot, Copilot CLI for files that match web\/\*\*/],
    ['.cursor/rules/always.mdc', /tokens/, /every turn by Cursor/],
    ['.cursor/rules/web.mdc', /tokens/, /by Cursor for files that match web\/\*\*/],
    ['.windsurf/rules/long.md', /tokens/, /every turn by Windsurf/, /Windsurf stops reading here/],
    ['.clinerules', /tokens/, /every turn by Cline/],
    ['nested/api/AGENTS.md', /Codex loads 2 files here: \d+ tokens/, /for work in this folder/],
  ];
  it('of every agent say who loads them when, and what they weigh', async () => {
    for (const [file, lens, tooltip, problem] of agentFiles) {
      await window.openFile(at(file));
      await lenses(new RegExp(`^${figure(count(files[file]!))} tokens`));
      const found = (await lenses(lens)).join(' | ');
      assert.match((await window.codeLensTooltips())[0] ?? '', tooltip, file);
      if (problem) await eventually(async () => assert.match(await window.nextProblem(), problem), 20_000);
      if (file !== 'nested/api/AGENTS.md') continue;
      const both = count(files['nested/AGENTS.md']!) + count(files[file]!);
      assert.ok(found.includes(`Codex loads 2 files here: ${figure(both)} tokens`), found);
    }
  });

  it('leave other documents alone', async () => {
    await window.openFile(at('plain.md'));
    await new Promise((done) => setTimeout(done, 1500));
    assert.deepEqual(await window.codeLenses(), []);
  });

  const fixes: readonly (readonly [file: string, line: number, title: string, result: RegExp])[] = [
    ['log.prompt.md', 10, 'Trim log to first and last 30 lines', /\[… 240 lines left out …\]/],
    ['json.prompt.md', 8, 'Minify JSON block', /\{"name":"harbor","ports":\[\{"id":0,"open":true\},/],
    ['json.prompt.md', 8, 'Apply all safe fixes', /^Answer like this:\n\n```json\n\{"name"/],
    ['twice.prompt.md', 5, 'Remove paragraph that also stands in line 1', /^(?:lantern ?)+\n\nBetween\.\n$/],
    ['lines.prompt.md', 5, 'Fold 80 equal lines', /\[… the line above 79 more times …\]/],
    ['comment.prompt.md', 3, 'Remove comment', /^Do this\.\n\n\n?Then that\.\n$/],
    ['blob.prompt.md', 1, 'Cut encoded data', /base64,\[… 3000 characters left out …\]/],
    ['CLAUDE.md', 3, 'Turn import of docs/style.md into a plain path', /Read `docs\/style\.md` first/],
    [
      'CLAUDE.md',
      9,
      'Move section “Release” to CLAUDE.release.md and link it',
      /## Release\n\nRead \[CLAUDE\.release\.md\]/,
    ],
  ];
  for (const [file, line, title, result] of fixes) {
    it(`are made smaller by a click that says the saving, and back by one undo: ${title}`, async () => {
      await window.openFile(at(file));
      await window.press('Mod+Home');
      await lenses(/tokens/);
      await window.press('Control+G');
      await window.answer(`:${line}:8`);
      const offered = await eventually(async () => {
        await window.press('Escape');
        const found = (await window.quickFixes()).find((fix) => fix.startsWith(title));
        if (found === undefined) throw new Error(`"${title}" is not offered`);
        return found;
      }, 90_000);
      await window.applyQuickFix(title);
      await save(window, at(file), result);
      const saved = Number(/−([\d,]+) tokens/.exec(offered)![1]!.replaceAll(',', ''));
      const text = onDisk(file);
      const imported = title.startsWith('Turn import')
        ? ['docs/style.md', 'docs/deep/1.md', 'docs/deep/2.md', 'docs/deep/3.md'].reduce(
            (sum, name) => sum + count(files[name]!),
            0,
          )
        : 0;
      assert.equal(saved, count(files[file]!) - count(text) + imported, offered);
      if (title.startsWith('Move section')) await undoBoth(window);
      else await window.press('Mod+Z');
      await save(window, at(file), files[file]!);
      assert.equal(onDisk(file), files[file]);
    });
  }

  for (const [title, result] of [
    ['Remove trailing spaces', /^(?:Look here\n\nAnd there\n+)+Done\.\n$/],
    ['Remove extra blank lines', /^(?:Look here \t \n\nAnd there\n\n)+Done\.\n$/],
  ] as const) {
    it(`are made smaller from the palette, and back by one undo: ${title}`, async () => {
      await window.openFile(at('blanks.prompt.md'));
      await lenses(/tokens/);
      await window.runCommand('Tokenometer: Make This Prompt Smaller…');
      const offered = (await window.quickPickRows()).find((row) => row.startsWith(title)) ?? '';
      await window.pick(title);
      await save(window, at('blanks.prompt.md'), result);
      const saved = count(files['blanks.prompt.md']!) - count(onDisk('blanks.prompt.md'));
      assert.ok(offered.includes(`−${saved} tokens`), `"${offered}" saved ${saved}`);
      await window.press('Mod+Z');
      await save(window, at('blanks.prompt.md'), files['blanks.prompt.md']!);
    });
  }

  it('say what a whole turn would cost, with what every session carries', async () => {
    await window.openFile(at('twice.prompt.md'));
    await lenses(/whole turn ≈ 20\.\dk tokens: ≈ \$[\d.]+ warm, ≈ \$[\d.]+ cold/);
  });

  it('show later what became of a saving, from the first calls of sessions', async () => {
    await window.openFile(at('CLAUDE.md'));
    // Where it is tried a second time, the first may have left its change.
    await window.runCommand('File: Revert File');
    fs.writeFileSync(at('CLAUDE.md'), files['CLAUDE.md']!);
    await lenses(/@docs\/style\.md/);
    await window.press('Control+G');
    await window.answer(':3:8');
    const title = 'Turn import of docs/style.md into a plain path';
    const offered = await eventually(async () => {
      await window.press('Escape');
      const found = (await window.quickFixes()).find((fix) => fix.startsWith(title));
      if (found === undefined) throw new Error(`"${title}" is not offered`);
      return found;
    }, 60_000);
    await window.applyQuickFix(title);
    await save(window, at('CLAUDE.md'), /Read `docs\/style\.md` first/);
    const expected = /−[\d,]+/.exec(offered)![0];
    const nowMs = Date.now();
    for (const id of [1, 2, 3]) firstCall(machine.home, `after-${nowMs}-${id}`, nowMs, tokensBefore - 120);
    const row = await eventually(async () => {
      await window.press('Escape');
      await window.runCommand('Tokenometer: Show What This Prompt Costs');
      const rows = await window.quickPickRows();
      const found = rows.find((text) => text.includes('seen'));
      if (!found?.includes('≈ −120 seen')) throw new Error(rows.join(' | '));
      return found;
    }, 60_000);
    assert.ok(row.includes(`${expected} tokens expected`), row);
    assert.match(row, /Claude Code: first calls of \d+ sessions before and 3 since/);
    await window.takePicture('prompt details');
    await window.press('Escape');
    await window.press('Mod+Z');
    await save(window, at('CLAUDE.md'), files['CLAUDE.md']!);
  });

  it('show what a larger fix would do before it is done', async () => {
    await window.openFile(at('log.prompt.md'));
    await eventually(async () => {
      await window.press('Escape');
      await window.press('Control+G');
      await window.answer(':10:8');
      const found = await window.quickFixes();
      if (!found.some((fix) => fix.startsWith('Preview: Trim log'))) throw new Error(found.join(' | '));
    }, 90_000);
    await window.applyQuickFix('Preview: Trim log');
    await eventually(async () => {
      const shown = (await window.page.locator('.part.editor .modified .view-line').allInnerTexts())
        .join('\n')
        .replaceAll('\u00a0', ' ');
      if (!shown.includes('240 lines left out')) throw new Error(shown);
    }, 30_000);
    assert.equal(onDisk('log.prompt.md'), files['log.prompt.md']);
  });

  it('say what a huge paste adds', async () => {
    await window.openFile(at('log.prompt.md'));
    await lenses(/tokens/);
    await window.press('Mod+A');
    await window.press('Mod+C');
    await window.openFile(at('twice.prompt.md'));
    await lenses(/^126 tokens/);
    await window.press('Mod+End');
    await window.press('Mod+V');
    const pasted = `+${figure(count(files['log.prompt.md']!))} tokens pasted`;
    await eventually(async () => {
      const text = await window.editorText();
      if (!text.includes(pasted)) throw new Error(`No "${pasted}" in ${text.slice(-300)}`);
    }, 20_000);
    await window.takePicture('huge paste');
  });
});

/** Undoes a fix that made a file as well: agrees that both are meant, where that is asked. */
async function undoBoth(window: Workbench): Promise<void> {
  await window.press('Mod+Z');
  const both = window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Undo in' }).first();
  const isAsked = await both.waitFor({ timeout: 2000 }).then(
    () => true,
    () => false,
  );
  if (isAsked) await both.click();
}

/** Saves until the file's text is as expected. */
async function save(window: Workbench, file: string, expected: RegExp | string): Promise<void> {
  await eventually(async () => {
    await window.press('Mod+S');
    const text = fs.readFileSync(file, 'utf8');
    const isThere = typeof expected === 'string' ? text === expected : expected.test(text);
    if (!isThere) throw new Error(`${path.basename(file)} has ${text.length} characters: ${text.slice(0, 200)}`);
  }, 20_000);
}

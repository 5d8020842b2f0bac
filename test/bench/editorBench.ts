// What the extension costs a real VS Code: how long its start holds the window up, and how soon an appended log line or
// a keystroke is on the screen. On the web server build, which every machine can have; the browser's share is in it. How
// large that share is, another extension tells, which writes a number for each edit and does nothing else.
import { eventually } from '../host/eventually';
import { startMachine, type Machine } from '../host/machine';
import { addExtension } from '../host/otherExtension';
import { type Workbench } from '../host/workbench';
import { appendClaudeCall } from '../e2e/claudeCalls';
import { meterCents } from '../e2e/figures';
import { type BenchRow } from './benchTable';

const rounds = 7;
const keystrokes = 31;

const bare = {
  name: 'bare',
  activate: `
    const item = vscode.window.createStatusBarItem('edits', vscode.StatusBarAlignment.Right, 102);
    let edits = 0;
    const write = () => { item.text = 'edits: ' + edits++; };
    write();
    item.show();
    context.subscriptions.push(item, vscode.workspace.onDidChangeTextDocument(write));`,
};

export async function editorBench(): Promise<BenchRow[]> {
  const machine = await startMachine({ builtIn: 'all', settings: { 'tokenometer.tokens.model': 'gpt-5' } });
  addExtension(machine, bare);
  try {
    const window = await machine.openWindow();
    const appended = await timesOf(rounds, (round) => appendedLine(machine, window, round));
    const typed = await keyToScreen(window);
    const { loadMs, callMs } = await activation(window);
    return [
      row('`activate`, as VS Code reports it, ms', callMs, 20),
      { what: 'Loading the code before it, ms', ours: loadMs.toFixed(0), target: '–', holds: true },
      row('Log line appended to number on screen, median ms', middle(appended), 1000),
      keyRow(typed),
    ];
  } finally {
    await machine.stop();
  }
}

function row(what: string, ms: number, limitMs: number): BenchRow {
  return { what, ours: ms.toFixed(0), target: `at most ${limitMs}`, holds: ms <= limitMs };
}

async function timesOf(count: number, measure: (round: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) times.push(await measure(round));
  return times;
}

function middle(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** Looks at the page itself, every animation frame, for the status item's text to change. */
async function untilChanged(window: Workbench, item: string, act: () => void | Promise<void>): Promise<number> {
  const text = window.statusItem(item);
  const before = await text.innerText();
  const handle = await text.elementHandle();
  const startMs = Date.now();
  await act();
  await window.page.waitForFunction(
    ([element, old]) => (element as unknown as { innerText: string }).innerText !== old,
    [handle, before] as const,
    {
      polling: 'raf',
      timeout: 20_000,
    },
  );
  return Date.now() - startMs;
}

async function appendedLine(machine: Machine, window: Workbench, round: number): Promise<number> {
  await meterCents(window);
  return untilChanged(window, 'tokenometer.meter', () => appendClaudeCall(machine, `bench-${round}`, 50_000));
}

/** One keystroke: milliseconds from the browser's own time of the key until the frame with each text was drawn. */
interface Typed {
  readonly oursMs: number;
  readonly bareMs: number;
}

function keyRow(typed: readonly Typed[]): BenchRow {
  const oursMs = middle(typed.map((one) => one.oursMs));
  const bareMs = middle(typed.map((one) => one.bareMs));
  const moreMs = middle(typed.map((one) => one.oursMs - one.bareMs));
  return {
    what: `Key to count on screen, median ms of ${typed.length}`,
    ours: oursMs.toFixed(0),
    others: { 'a bare extension’s number at the same keys': bareMs.toFixed(0) },
    ratio: `${moreMs.toFixed(0)} ms more (median of pairs)`,
    target: 'at most 100, or 20 more than bare',
    holds: oursMs <= 100 || moreMs <= 20,
  };
}

/** In the page: notes when a key went down, and when each item's new text was drawn. */
const watchItems = (items: Readonly<Record<string, string>>) => `
  const seen = (globalThis.tokenometerSeen = {});
  addEventListener('keydown', (event) => { seen.key = event.timeStamp; }, true);
  for (const [name, id] of Object.entries(${JSON.stringify(items)})) {
    const note = () => requestAnimationFrame(() => setTimeout(() => { seen[name] ??= performance.now(); }));
    new MutationObserver(note).observe(document.getElementById(id), { childList: true, subtree: true, characterData: true });
  }`;

async function keyToScreen(window: Workbench): Promise<Typed[]> {
  await window.newFile();
  await window.insert('hello');
  await window.waitForStatusText('tokenometer.tokens', /^1 token/);
  const items = { ours: 'tokenometer.tokenometer.tokenometer.tokens', bare: 'bare.bare.edits' };
  await window.page.evaluate(`{${watchItems(items)}}`);
  const typed: Typed[] = [];
  // Each of these keys changes the count. The first one has the editor load what it had not needed before.
  for (let round = 0; round <= keystrokes; round++) {
    await window.page.evaluate('{ const seen = globalThis.tokenometerSeen; delete seen.ours; delete seen.bare; }');
    await window.type(round % 2 === 0 ? '.' : '7');
    const seen = await window.page.waitForFunction(
      '{ const { key, ours, bare } = globalThis.tokenometerSeen; ours && bare && { oursMs: ours - key, bareMs: bare - key } }',
    );
    if (round > 0) typed.push((await seen.jsonValue()) as Typed);
    await new Promise((rest) => setTimeout(rest, 300));
  }
  return typed;
}

interface Activation {
  /** Reading and evaluating the extension's bundle. */
  readonly loadMs: number;
  /** From the call of `activate` until it returned. */
  readonly callMs: number;
}

/** VS Code's own figures, from its page "Startup Performance". */
async function activation(window: Workbench): Promise<Activation> {
  await window.runCommand('Developer: Startup Performance');
  await window.waitForEditor('Startup Performance');
  await window.page.locator('.part.editor .monaco-editor .view-line').first().click();
  await window.press('Mod+F');
  await window.page.locator('.find-widget.visible textarea').first().fill('tokenometer.tokenometer');
  return eventually(async () => {
    const row = (await window.editorText()).split('\n').find((line) => line.includes('tokenometer.tokenometer'));
    const [, , , load, call] = (row ?? '').split('|').map((cell) => cell.trim());
    if (!/^\d+$/.test(load ?? '') || !/^\d+$/.test(call ?? ''))
      throw new Error(`The page of start-up figures says nothing of the extension: ${row}`);
    return { loadMs: Number(load), callMs: Number(call) };
  });
}

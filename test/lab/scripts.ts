// What the scripted model says, step by step, and the cases that are made of it. Knows no agent: tools are named by what they
// are for, and offered tools that can do it are found by name (toolUse.ts).
import { type Usage } from './wire';

export type WantedUse =
  | { readonly tool: 'shell'; readonly command: string }
  | { readonly tool: 'read'; readonly file: string }
  | { readonly tool: 'agent'; readonly prompt: string };

/** One answer. Without `refuse`, `cutAfter` and `hangAfter` it is given in full. */
export interface Step {
  readonly think?: string;
  readonly say?: string;
  readonly uses?: readonly WantedUse[];
  readonly usage?: Partial<Usage>;
  /** An HTTP status instead of an answer. */
  readonly refuse?: number;
  /** The connection breaks after so many events. */
  readonly cutAfter?: number;
  /** The stream stops after so many events and the connection stays. */
  readonly hangAfter?: number;
}

export type Script = readonly Step[];

/** How a prompt names its script. */
export const markerOf = (script: string) => `lab-script:${script};`;
const marker = /lab-script:([a-z0-9-]+);/g;

/** The script that the last marker of a request's texts names. */
export function scriptIn(texts: readonly string[]): string | undefined {
  return [...texts.join('\n').matchAll(marker)].at(-1)?.[1];
}

/** Any step after a script's last: also what agents want that ask for a summary. */
export const afterTheEnd: Step = {
  say: '<analysis>Nothing is left.</analysis>\n<summary>The task was done.</summary>',
};

const shell = (command: string): WantedUse => ({ tool: 'shell', command });
const cut: Step = { say: 'These words break off somewhere in the middle of it', cutAfter: 5 };

/** `$WORK` stands for the case's work folder. */
export const scripts: Readonly<Record<string, Script>> = {
  one: [{ think: 'Not much to think about.', say: 'Hello to you.' }],
  three: [
    {
      think: 'A command first.',
      say: 'I run it.',
      uses: [shell('echo first')],
      usage: { cacheWrite5m: 640, cacheWrite1h: 1280 },
    },
    { say: 'And the note.', uses: [{ tool: 'read', file: '$WORK/note.txt' }], usage: { cacheWrite1h: 960 } },
    { say: 'Both are done.' },
  ],
  parallel: [{ say: 'Two at a time.', uses: [shell('echo left'), shell('echo right')] }, { say: 'Both came back.' }],
  again: [{ say: 'Here we are again.' }],
  branch: [{ say: 'On another branch.' }],
  parent: [
    { say: 'Somebody else shall do it.', uses: [{ tool: 'agent', prompt: `Do your part. ${markerOf('child')}` }] },
    // Time for those that run beside their parent, whose command ends when the parent does.
    { say: 'I wait for it.', uses: [shell('sleep 3')] },
    { say: 'It was done for me.' },
  ],
  child: [{ say: 'My part.', uses: [shell('echo child')] }, { say: 'My part is done.' }],
  'refused-429': [{ refuse: 429 }, { say: 'The second try went through.' }],
  'refused-529': [{ refuse: 529 }, { refuse: 529 }, { say: 'The third try went through.' }],
  'cut-once': [cut, { say: 'This time all of it.' }],
  'cut-later': [
    { think: 'Thought before.', say: 'I run it.', uses: [shell('echo before')] },
    { think: 'It is going to break.', say: 'These words break off somewhere in the middle of it', cutAfter: 10 },
    { say: 'This time all of it.' },
  ],
  'cut-always': Array.from({ length: 12 }, () => cut),
  killed: [
    { say: 'One before the end.', uses: [shell('echo before')] },
    { think: 'Waiting.', say: 'one two three four five six seven eight nine', hangAfter: 6 },
  ],
};

export type Verb = 'run' | 'resume' | 'fork' | 'compact';

export interface Start {
  readonly verb: Verb;
  readonly script: string;
  readonly limitSeconds?: number;
}

export interface Case {
  readonly name: string;
  readonly starts: readonly Start[];
  /** The agent must offer a tool for subagents. */
  readonly needsSubagents?: boolean;
}

const run = (script: string, limitSeconds?: number): Start => ({
  verb: 'run',
  script,
  ...(limitSeconds && { limitSeconds }),
});

export const cases: readonly Case[] = [
  { name: 'one', starts: [run('one')] },
  { name: 'three', starts: [run('three')] },
  { name: 'parallel', starts: [run('parallel')] },
  { name: 'resume', starts: [run('one'), { verb: 'resume', script: 'again' }] },
  { name: 'fork', starts: [run('one'), { verb: 'fork', script: 'branch' }] },
  { name: 'subagent', starts: [run('parent')], needsSubagents: true },
  {
    name: 'compaction',
    starts: [run('one'), { verb: 'compact', script: 'three' }, { verb: 'resume', script: 'again' }],
  },
  { name: 'refused-429', starts: [run('refused-429')] },
  { name: 'refused-529', starts: [run('refused-529')] },
  { name: 'cut-once', starts: [run('cut-once')] },
  { name: 'cut-later', starts: [run('cut-later')] },
  { name: 'cut-always', starts: [run('cut-always', 75)] },
  { name: 'killed', starts: [run('killed')] },
];

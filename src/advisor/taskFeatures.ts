// A prompt before it is sent -> what can be seen of the size of the work it asks for: plain, named, explainable features.
// Says nothing on whether a model will succeed: the text does not foretell that (reference/routing.md 4.1).
import { type PromptText } from './readPrompt.js';
import { type WordGroup } from './taskWords.js';

/** What is known of a prompt besides its words. Leave out what is not known: it then counts as average. */
export interface PromptPlace {
  /** 0 for a session's first prompt. */
  readonly turn?: number;
  /** Tokens already in the session's context. */
  readonly contextTokens?: number;
}

export interface TaskFeature {
  readonly id: string;
  /** In the words of a reason: "It …". */
  readonly says: string;
  /** A kind of request that can by itself be a sign of little work. Without one of these no hint is ever given. */
  readonly isSignal?: boolean;
  /** `undefined` = not known. */
  value(prompt: PromptText, place: PromptPlace): number | undefined;
}

const yes = (test: boolean): number => (test ? 1 : 0);

const has = (name: WordGroup, says: string, isSignal = false): TaskFeature => ({
  id: `has ${name}`,
  says,
  isSignal,
  value: ({ counts }) => yes(counts[name] > 0),
});

/** Is a word of the group among the first four? */
const opens = (name: WordGroup, says: string, isSignal = false): TaskFeature => ({
  id: `opens with ${name}`,
  says,
  isSignal,
  value: ({ openings }) => yes(openings.has(name)),
});

const logCount = (name: WordGroup, says: string): TaskFeature => ({
  id: `count of ${name}`,
  says,
  value: ({ counts }) => Math.log1p(counts[name]),
});

const matches = (id: string, says: string, pattern: RegExp, isSignal = false): TaskFeature => ({
  id,
  says,
  isSignal,
  value: ({ text }) => yes(pattern.test(text)),
});

/** Later turns are as late as this one: few sessions of the fit went further. */
const mostTurns = 40;

const modals: ReadonlySet<string> = new Set(['can', 'could', 'would']);
const persons: ReadonlySet<string> = new Set(['you', 'we', 'i']);
const asks = (words: readonly string[], index: number): boolean =>
  modals.has(words[index] ?? '') && persons.has(words[index + 1] ?? '');
const goAhead = /\bgo (?:ahead|for it|with)\b|\bdo (?:it|that|so)\b|\bimplement (?:it|this)\b/i;
const listItem = /^[ \t]{0,8}(?:\d{1,3}[.)]|[-*•])[ \t]/gm;
const namedPlace =
  /[\w-]{1,40}\/[\w.-]|\b\w{1,60}\.(?:go|ts|tsx|js|jsx|py|md|json|sh|rs|java|kt|swift|rb|php|cs|cpp|c|h|css|html|sql|toml|yml|yaml)\b/;

/** The text names a file or a path. */
export const namesPlace = (text: string): boolean => namedPlace.test(text);

/**
 * Every feature that is looked at. What each is worth is in simpleTask.json. A long run of letters costs a pattern at
 * most its bounded repetition per character.
 */
export const taskFeatures: readonly TaskFeature[] = [
  {
    id: 'ends in a question mark',
    says: 'ends in a question',
    isSignal: true,
    value: ({ text }) => yes(/\?["')\]\s]{0,20}$/.test(text.slice(-40))),
  },
  matches('has a question mark', 'asks something', /\?/, true),
  opens('question', 'opens with a question word', true),
  has('question', 'has a question word (what, why, how …)', true),
  opens('explain', 'opens by asking for an explanation', true),
  has('explain', 'asks to explain or tell', true),
  has('think', 'asks for an opinion', true),
  opens('show', 'asks to show or list something', true),
  opens('find', 'asks to find something', true),
  has('find', 'has "find" or "see"'),
  opens('edit', 'opens with a change to make'),
  has('edit', 'asks for a change'),
  logCount('edit', 'names several changes'),
  has('construct', 'asks to build or rework something'),
  has('everything', 'reaches over all of something (all, every, each)'),
  logCount('extent', 'has words of extent'),
  has('tests', 'speaks of tests'),
  has('plan', 'speaks of a plan or a design'),
  has('review', 'asks to review or look into something'),
  has('run', 'asks to run something'),
  has('git', 'speaks of a commit, branch or pull request'),
  opens('git', 'opens with a git chore', true),
  opens('assent', 'opens with assent to something agreed before'),
  has('doubt', 'voices a doubt or an objection'),
  opens('lets', 'opens with "let\'s"'),
  has('lets', 'has "let\'s"'),
  has('next', 'has "now" or "next"'),
  opens('also', 'opens by adding to something'),
  has('also', 'adds one thing to another'),
  has('trouble', 'speaks of an error or a problem'),
  opens('self', 'opens with "I"'),
  has('you', 'has "you"'),
  has('documents', 'speaks of documents or comments'),
  has('obligation', 'says what should be or is needed'),
  {
    id: 'can you',
    says: 'asks "can you" or "can we"',
    value: ({ words }) => yes(words.some((_, at) => asks(words, at))),
  },
  { id: 'opens with can you', says: 'opens with "can you" or "can we"', value: ({ words }) => yes(asks(words, 0)) },
  matches('go ahead', 'gives the go-ahead to something agreed before', goAhead),
  { id: 'at most 3 words', says: 'has three words or fewer', value: ({ words }) => yes(words.length <= 3) },
  { id: 'at most 8 words', says: 'has eight words or fewer', value: ({ words }) => yes(words.length <= 8) },
  { id: 'at most 20 words', says: 'has twenty words or fewer', value: ({ words }) => yes(words.length <= 20) },
  { id: 'over 60 words', says: 'has over sixty words', value: ({ words }) => yes(words.length > 60) },
  { id: 'length in words', says: 'is of this length', value: ({ words }) => Math.log1p(words.length) },
  { id: 'digits', says: 'holds figures', value: ({ digits }) => Math.log1p(digits) },
  { id: 'several lines', says: 'has several lines', value: ({ lineBreaks }) => yes(lineBreaks > 0) },
  { id: 'lines', says: 'has this many lines', value: ({ lineBreaks }) => Math.log1p(lineBreaks) },
  { id: 'list items', says: 'has a list', value: ({ text }) => Math.log1p(text.match(listItem)?.length ?? 0) },
  matches('code fence', 'has a block of code', /```/),
  matches('backtick', 'quotes code', /`/),
  { id: 'names a file', says: 'names a file or path', value: ({ text }) => yes(namesPlace(text)) },
  matches('identifier', 'names an identifier', /\b[a-z]{1,40}[A-Z]\w|\b[a-zA-Z\d]{1,40}_\w/),
  matches('line reference', 'names a line', /:\d{1,6}\b|\blines? \d/i),
  matches('address', 'holds a web address', /https?:\/\//),
  matches('ellipsis', 'trails off …', /\.\.\.|…/),
  matches('opens in upper case', 'opens with a capital letter', /^[A-Z]/),
  {
    id: 'turn',
    says: 'comes at this point of the session',
    value: (_, { turn }) => (turn === undefined ? undefined : Math.log1p(Math.min(Math.max(0, turn), mostTurns))),
  },
  {
    id: 'first prompt',
    says: "is the session's first prompt",
    value: (_, { turn }) => (turn === undefined ? undefined : yes(turn === 0)),
  },
  {
    id: 'context size',
    says: 'comes with this much context',
    value: (_, { contextTokens: size }) =>
      size === undefined || size <= 0 ? undefined : Math.log(Math.min(Math.max(size, 4_000), 1_000_000) / 60_000),
  },
  {
    id: 'context over 120k',
    says: 'comes with over 120k tokens of context',
    value: (_, { contextTokens: size }) => (size === undefined || size <= 0 ? undefined : yes(size > 120_000)),
  },
];

/** The values in the order of `taskFeatures`. */
export function featureValues(prompt: PromptText, place: PromptPlace): readonly (number | undefined)[] {
  return taskFeatures.map((feature) => feature.value(prompt, place));
}

const maximumWords = 200;

/**
 * Single words, neighbouring pairs, and how the prompt opens ("^can you"), each once. Only those that the fit kept carry
 * a weight.
 */
export function phrasesOf({ words: all }: PromptText): ReadonlySet<string> {
  const words = all.slice(0, maximumWords);
  const phrases = new Set<string>(words);
  for (let at = 1; at < words.length; at++) phrases.add(`${words[at - 1]} ${words[at]}`);
  if (words.length > 0) phrases.add(`^${words[0]}`);
  if (words.length > 1) phrases.add(`^${words[0]} ${words[1]}`);
  return phrases;
}

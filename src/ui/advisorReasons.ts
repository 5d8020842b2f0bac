// The features that move a score, in words a person reads after "Why:". One phrase each, so that a translation can have
// its own grammar. A feature without a phrase here is no reason to name.
import * as vscode from 'vscode';
import { type Contribution } from '../advisor/taskModel';

const { t } = vscode.l10n;

/** Asked for at showing time: the language is known only then. */
const words: Readonly<Record<string, () => string>> = {
  'ends in a question mark': () => t('ends in a question'),
  'has a question mark': () => t('asks something'),
  'opens with question': () => t('opens with a question word'),
  'has question': () => t('has a question word'),
  'opens with explain': () => t('opens by asking for an explanation'),
  'has explain': () => t('asks to explain or tell'),
  'has think': () => t('asks for an opinion'),
  'opens with show': () => t('asks to show or list something'),
  'opens with find': () => t('asks to find something'),
  'has find': () => t('asks to find or see something'),
  'opens with edit': () => t('opens with a change to make'),
  'has edit': () => t('asks for a change'),
  'has construct': () => t('asks to build or rework something'),
  'has everything': () => t('speaks of all or every'),
  'has tests': () => t('speaks of tests'),
  'has plan': () => t('speaks of a plan or a design'),
  'has review': () => t('asks to look into something'),
  'has run': () => t('asks to run something'),
  'has git': () => t('speaks of a commit, branch or pull request'),
  'opens with git': () => t('opens with a git chore'),
  'has doubt': () => t('voices a doubt'),
  'has lets': () => t('says “let’s”'),
  'has trouble': () => t('speaks of an error or a problem'),
  'opens with self': () => t('opens with “I”'),
  'has documents': () => t('speaks of documents or comments'),
  'has obligation': () => t('says what should be'),
  'can you': () => t('asks “can you” or “can we”'),
  'at most 3 words': () => t('has three words or fewer'),
  'at most 8 words': () => t('has eight words or fewer'),
  'at most 20 words': () => t('has twenty words or fewer'),
  'over 60 words': () => t('has over sixty words'),
  'several lines': () => t('has several lines'),
  'list items': () => t('has a list'),
  'code fence': () => t('has a block of code'),
  backtick: () => t('quotes code'),
  'names a file': () => t('names a file or path'),
  identifier: () => t('names an identifier'),
  'line reference': () => t('names a line'),
  address: () => t('holds a web address'),
  'first prompt': () => t('starts a session'),
  turn: () => t('comes at this point of the session'),
  'context size': () => t('comes with this much context'),
  'context over 120k': () => t('comes with over 120k tokens of context'),
};

/** Shorter ones ("a", "do") carry weight and tell a reader nothing. */
const leastPhrase = 4;

/** `ends in a question (+0.31)`: each reason that has words, strongest first. */
export function reasonWords(reasons: readonly Contribution[], locale: string): readonly string[] {
  return reasons.flatMap(({ id, weight }) => {
    const phrase = id.startsWith('phrase ') ? id.slice('phrase '.length).replace('^', '') : undefined;
    const said =
      phrase === undefined ? words[id]?.() : phrase.length < leastPhrase ? undefined : t('says “{0}”', phrase);
    if (said === undefined) return [];
    const points = Math.abs(weight).toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return [weight > 0 ? t('{0} (+{1})', said, points) : t('{0} (−{1})', said, points)];
  });
}

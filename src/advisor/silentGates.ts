// When nothing may be said about a prompt, whatever its score: approvals, risk, reports, other languages, too much text.
// Every gate errs towards silence; a missed small job costs a little, a wrong hint costs the user's trust.
import { type PromptText } from './readPrompt.js';
import { namesPlace, taskFeatures } from './taskFeatures.js';

export type Gate =
  | 'empty'
  | 'approval'
  | 'answer'
  | 'no-signal'
  | 'too-long'
  | 'image'
  | 'plan-mode'
  | 'risk'
  | 'report'
  | 'language'
  | 'unknown-model'
  | 'flat-plan';

export interface GateFacts {
  readonly hasImage?: boolean;
  readonly planMode?: boolean;
  /** Does anybody know the current model's price? Left out: not asked here. */
  readonly isModelKnown?: boolean;
  /** A subscription where the switch changes no bill and no quota. */
  readonly isFlatPlan?: boolean;
}

const maximumCharacters = 4000;
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const approvalOpeners = set(
  'yes yeah yep yup yess y ok okay okey k kk sure lgtm approved approve agreed agree correct exactly right great good perfect cool nice excellent awesome fine sounds alright go continue proceed carry resume confirmed confirm absolutely definitely certainly ship accepted accept both neither either done whatever',
);
/** Openings of two or three words. */
const approvalPhrases = [
  'do it',
  'do that',
  'do so',
  'do this',
  'do both',
  'do all',
  'do them',
  'do the first',
  'do the second',
  'do the same',
  'please do',
  'please go',
  'please continue',
  'please proceed',
  'yes please',
  'keep going',
  'lets go',
  'lets do',
  'let us do',
  'lets try',
  'lets continue',
  'lets proceed',
  'makes sense',
  'make it so',
  'that works',
  'works for me',
  'thats fine',
  'thats good',
  'thats right',
  'thats correct',
  'looks good',
  'looks great',
  'all good',
  'all of them',
  'all of it',
  'the first',
  'the second',
  'the third',
  'the former',
  'the latter',
  'next one',
  'and continue',
  'try again',
  'once more',
  'i agree',
  'i approve',
  'i like it',
  'i like that',
  'im happy',
  'its fine',
  'its good',
  'no problem',
  'why not',
  'thank you',
  'thanks',
  'thx',
  'apply it',
  'apply them',
  'implement it',
  'implement this',
  'implement that',
  'start implementing',
  'option',
  'choice',
  'number',
  'fix it',
  'fix them',
  'fix that',
  'fix this',
  'use that',
  'use it',
  'next',
  'now do',
  'then do',
  'same for',
  'same here',
  'same again',
  'again',
] as const;
const approvalAnywhere =
  /\b(?:go ahead|go for it|go on|go with|sounds good|looks good|do it|do that|carry on|keep going|ship it|please proceed|proceed with|whats next|what next|up to you|by all means|as you (?:suggest|said|say|think|like)|as (?:suggested|proposed|planned)|continue (?:with|please|now)|your call|you decide)\b/;
const choice =
  /^[\s(["'#]{0,5}(?:(?:option|choice|number|step|plan|no\.?) ?)?(?:\d{1,3}|[a-h]|i{1,3}|iv)(?:[\s.,:;)\]"'!&+/-]{0,5}(?:$|and\b|or\b|then\b|but\b|please\b|pls\b)|[.,:;)])/i;

function approval({ text, words }: PromptText): boolean {
  if (approvalOpeners.has(words[0] ?? '') || choice.test(text.slice(0, 80))) return true;
  const opening = `${words.slice(0, 4).join(' ')} `;
  if (approvalPhrases.some((phrase) => opening.startsWith(`${phrase} `))) return true;
  return words.length <= 25 && approvalAnywhere.test(words.join(' '));
}

/** Up to three words stand for something said before ("and now?", "as you suggest"); a small chore may stand alone. */
function answer({ words, openings }: PromptText): boolean {
  return words.length <= 3 && !openings.has('git') && !openings.has('run');
}

const riskWords = set(
  'security secure insecure vulnerability vulnerabilities vulnerable cve exploit injection xss csrf auth authentication authorization authorisation oauth password passwords credential credentials secret secrets encryption encrypt decrypt crypto cryptography certificate permission permissions migration migrations migrate production prod outage incident rollback corruption corrupt corrupted irreversible concurrency concurrent deadlock deadlocks mutex race races atomic payment payments billing invoice gdpr compliance',
);
const riskPhrases =
  /\b(?:data loss|lose data|losing data|drop table|truncate table|force push|thread safe|thread safety|reset hard|delete (?:all|the) data(?:base)?)\b/;

function risk({ words }: PromptText): boolean {
  return words.some((word) => riskWords.has(word)) || riskPhrases.test(words.join(' '));
}

const stackTrace =
  /Traceback \(most recent|^[ \t]{0,12}at [\w$.<>]{1,80} ?\(|^[ \t]{0,8}File "[^"\n]{1,200}", line \d|^panic: |^goroutine \d|\b(?:[A-Z]\w{1,40}(?:Error|Exception))\b|^--- FAIL|^(?:error|fatal|FAIL|FAILED|E {3})[:\s[]/m;
const reportWords = set(
  'bug reproduce reproduces reproducing reproduction reproducible repro expected expectation actual traceback stacktrace regression crash crashes crashed crashing segfault unexpected incorrectly unexpectedly description minimal example behaviour behavior version versions',
);
const troubleWords = set(
  'error errors fail fails failed failing failure failures broken breaks bug bugs crash crashes exception exceptions panic panics hang hangs hanging raises raise throws wrong incorrect incorrectly doesnt cant cannot isnt wont',
);

/**
 * A report of something going wrong. A short one that names its place ("the test in x.go fails") is judged like any
 * other prompt; one without a place, or one of the length and words of an issue, hides work of any size.
 */
function report({ text, words }: PromptText): boolean {
  const place = namesPlace(text);
  if (stackTrace.test(text)) return !place || words.length > 40;
  const reporting = words.filter((word) => reportWords.has(word)).length;
  const trouble = words.some((word) => troubleWords.has(word));
  if (words.length > 60 && (trouble || reporting > 0)) return true;
  if (reporting >= 2 && words.length > 25) return true;
  return trouble && !place && !text.trimEnd().endsWith('?');
}

const english = set(
  'the a an to of in on is are was were it this that these those and or not for with from as at by be been do does did have has had can could should would will what why how where when which who we you i my our your there here if so just now also any all please lets make show add fix run use list find explain tell',
);
const foreign = set(
  'der das und ist nicht ein eine einen wie warum kannst bitte mit auf fur für den dem wir ich sie el los las una que para por como porque puedes puede esta este esto con del les des une est pas pourquoi comment peux pouvez avec dans sur ce cette nous vous je il lo gli che perche come puoi questo questa sono di della per uma não nao isso você voce fazer het een niet waarom kun dit deze voor jest nie dlaczego jak czy prosze to je ako bir bu neden nasil icin ve det och inte varför hvorfor ikke kan du og',
);

const nonAscii = /\P{ASCII}/gu;
const letters = /\p{L}/gu;

/** Letters of other scripts, or more words of other European languages than of English. */
function otherLanguage({ text, words }: PromptText): boolean {
  const sample = text.slice(0, 600);
  const strange = (sample.match(nonAscii) ?? []).filter((one) => /\p{L}/u.test(one)).length;
  const all = sample.match(letters)?.length ?? 0;
  if (all === 0) return true;
  if (strange / all > 0.04 && strange > 2) return true;
  const first = words.slice(0, 80);
  const known = first.filter((word) => english.has(word)).length;
  const others = first.filter((word) => foreign.has(word) && !english.has(word)).length;
  return others > known || (first.length > 5 && known === 0);
}

function signals(prompt: PromptText): boolean {
  return taskFeatures.some((feature) => feature.isSignal === true && feature.value(prompt, {}) === 1);
}

/** The first gate that keeps silent about this prompt, or `undefined` where it may be spoken of. */
export function silentGate(prompt: PromptText, facts: GateFacts = {}): Gate | undefined {
  if (facts.isModelKnown === false) return 'unknown-model';
  if (facts.isFlatPlan === true) return 'flat-plan';
  if (facts.hasImage === true || /\[image\b|!\[[^\]\n]{0,80}\]\(|\bdata:image\/|<image>/i.test(prompt.text))
    return 'image';
  if (facts.planMode === true) return 'plan-mode';
  if (prompt.characters > maximumCharacters) return 'too-long';
  if (prompt.text.trim() === '') return 'empty';
  if (approval(prompt)) return 'approval';
  if (otherLanguage(prompt)) return 'language';
  if (answer(prompt)) return 'answer';
  if (risk(prompt)) return 'risk';
  if (report(prompt)) return 'report';
  return signals(prompt) ? undefined : 'no-signal';
}

// The word groups that the advisor listens for, as sets. Which of them matter, and how much, is not decided here but
// fitted (simpleTask.json): routing.md 4.2 found that no hand-made "easy word" keeps its sign, so none is trusted unfitted.

const group = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words without apostrophes, lower case ("don't" is "dont"). */
export const wordGroups = {
  question: group('what why how where when which who whose whats hows wheres'),
  explain: group(
    'explain tell describe understand wondering wonder curious clarify mean meaning means summarize summarise summary learning question q',
  ),
  think: group('think thoughts opinion suggest suggestion suggestions recommend idea ideas opinions feel'),
  show: group('show list print display link open paste copy'),
  find: group('find see search lookup'),
  edit: group(
    'add fix implement refactor create update remove write change move replace rename make delete build convert migrate extract use rewrite introduce support handle apply address adjust set drop split merge combine cleanup simplify improve',
  ),
  construct: group('implement refactor build create migrate rewrite convert redesign integrate port'),
  everything: group('all every each everything everywhere whole across rest remaining'),
  extent: group(
    'all every each everything everywhere whole entire across both full fully complete completely any more other',
  ),
  tests: group('test tests testing coverage unittest e2e'),
  plan: group('plan design architecture propose proposal spec approach steps step phase tdd'),
  review: group('review investigate check verify analyze analyse audit debug examine look inspect double'),
  run: group('run rerun execute start restart try retry'),
  git: group('commit push pull rebase merge branch pr cherry stash tag checkout squash'),
  assent: group(
    'yes yeah yep yup ok okay sure lgtm great good perfect cool nice right correct agreed sounds alright y fine',
  ),
  doubt: group('no nope nah hmm hm but actually wait oh ah argh hmmm'),
  lets: group('lets let'),
  next: group('now then next continue proceed'),
  also: group('also another additionally plus and'),
  trouble: group(
    'error errors fail fails failed failing failure broken bug crash wrong issue problem panic exception warning weird',
  ),
  self: group('i im ive id ill my me'),
  you: group('you your youre'),
  documents: group('docs readme documentation comment docstring typo changelog claude'),
  obligation: group('should need needs must want like'),
} as const;

export type WordGroup = keyof typeof wordGroups;

export const wordGroupNames = Object.keys(wordGroups) as readonly WordGroup[];

const groupsByWord = new Map<string, WordGroup[]>();
for (const name of wordGroupNames) {
  for (const word of wordGroups[name]) groupsByWord.set(word, [...(groupsByWord.get(word) ?? []), name]);
}
const none: readonly WordGroup[] = [];

export const groupsOfWord = (word: string): readonly WordGroup[] => groupsByWord.get(word) ?? none;

// The spellings under which price lists may know one model: as logged, with what agents append taken off step by step,
// and in the makers' own ways of writing versions. Knows no providers and no prices.

const family = '(opus|sonnet|haiku|fable|mythos)';
const runTogether = new RegExp(`^claude-${family}-(\\d)(\\d)(?=$|-)`);
const versionFirst = new RegExp(`^claude-([4-9])(?:[.-](\\d{1,2}))?-${family}(?=$|[-@[:(])`);
const familyFirst3 = new RegExp(`^claude-${family}-3[.-]([57])`);
const withDot = new RegExp(`^claude-${family}-(\\d+)\\.(\\d+)`);

/** `claude-4.5-sonnet`, `claude-sonnet-4.5` and `claude-opus-41` as Anthropic writes them. */
function claudeSpelling(id: string): string {
  return id
    .replace(runTogether, 'claude-$1-$2-$3')
    .replace(versionFirst, (_all, major: string, minor: string | undefined, name: string) =>
      minor === undefined ? `claude-${name}-${major}` : `claude-${name}-${major}-${minor}`,
    )
    .replace(familyFirst3, 'claude-3-$2-$1')
    .replace(/^claude-3\.(\d)/, 'claude-3-$1')
    .replace(withDot, 'claude-$1-$2-$3');
}

const dotted = (id: string): string => id.replace(/^([a-z-]*[a-z]-?\d)-(\d{1,2})(?=$|[-@:[])/, '$1.$2');
const dashed = (id: string): string => id.replace(/^([a-z-]+\d)\.(\d)/, '$1-$2');

/** A Gemini that Google lists as a preview only, as Copilot and Cursor write it. */
const withPreview = (id: string): readonly string[] =>
  /^gemini-[\d.]+-(pro|flash|flash-lite)$/.test(id) ? [`${id}-preview`] : [];

/** How else the same id is written, likeliest first. */
export function respellings(id: string): readonly string[] {
  const forms = id.startsWith('claude-')
    ? [claudeSpelling(id), id, claudeDotted(claudeSpelling(id))]
    : [id, dotted(id), dashed(id), ...withPreview(dotted(id))];
  return [...new Set(forms)];
}

/** As Copilot and OpenRouter write Claude ids: `claude-opus-4.5`, `claude-3.5-haiku`. */
function claudeDotted(id: string): string {
  return id
    .replace(/^claude-(opus|sonnet|haiku|fable|mythos)-(\d+)-(\d{1,2})(?=$|-(?!\d))/, 'claude-$1-$2.$3')
    .replace(/^claude-3-([57])-/, 'claude-3.$1-');
}

interface Strip {
  readonly pattern: RegExp;
  readonly effect?: 'fast' | 'loose';
}

/** What may be taken off an id's end, one at a time and in this order, until a list knows what is left. */
const strips: readonly Strip[] = [
  { pattern: /\[[^\]]*\]$|[-:]1m(-internal)?$/ },
  { pattern: /@(latest|default)$|-latest$/ },
  { pattern: /:(exacto|nitro|floor|online|extended|beta)$/, effect: 'loose' },
  { pattern: /-v\d+(:\d+)?$|:\d+$|-00\d$/ },
  { pattern: /[-:](thinking|reasoning|thought|non-reasoning)(-\d+k)?$/ },
  { pattern: /[-:](none|minimal|low|medium|high|xhigh|extra-high)$|\((none|minimal|low|medium|high|xhigh)\)$/ },
  { pattern: /[-@]20\d{2}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/ },
  { pattern: /-fast$/, effect: 'fast' },
  { pattern: /-(0[1-9]|1[0-2])([0-2]\d|3[01])$/, effect: 'loose' },
];

/** The id and what is left of it after each strip, with what was lost. */
export function strippedForms(id: string): readonly { id: string; isLoose: boolean; isFast: boolean }[] {
  const forms = [{ id, isLoose: false, isFast: false }];
  for (let current = forms[0]!, strip: Strip | undefined; ;) {
    strip = strips.find(({ pattern }) => pattern.test(current.id));
    if (!strip) return forms;
    const rest = current.id.replace(strip.pattern, '');
    if (!/\d/.test(rest) && /\d/.test(current.id)) return forms;
    current = {
      id: rest,
      isLoose: current.isLoose || strip.effect === 'loose',
      isFast: current.isFast || strip.effect === 'fast',
    };
    forms.push(current);
  }
}

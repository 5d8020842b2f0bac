// Strings that look like live credentials: a vendor's known prefix, the right length, and letters as random as a key's.
// Tells where and whose; never hands the string itself on.

export interface SecretFinding {
  /** Whose credential it looks like: 'GitHub', 'AWS' … */
  readonly vendor: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

interface Pattern {
  readonly vendor: string;
  readonly expression: RegExp;
  /** What every match begins with or holds: a text without it is not searched. */
  readonly needle: string;
}

/** Formats as the vendors document them for secret scanning. The first group is the random part. */
const patterns: readonly Pattern[] = [
  { vendor: 'GitHub', needle: 'gh', expression: /\bgh[pousr]_([A-Za-z0-9]{36,255})\b/g },
  { vendor: 'GitHub', needle: 'github_pat_', expression: /\bgithub_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g },
  { vendor: 'Anthropic', needle: 'sk-ant-', expression: /\bsk-ant-(?:api|admin|oat|ort)\d\d-([\w-]{80,120})/g },
  { vendor: 'OpenAI', needle: 'sk-', expression: /\bsk-(?:proj|svcacct|admin)-([\w-]{40,200})/g },
  { vendor: 'OpenAI', needle: 'T3BlbkFJ', expression: /\bsk-([A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})\b/g },
  { vendor: 'AWS', needle: 'A', expression: /\b(?:AKIA|ASIA)([A-Z2-7]{16})\b/g },
  { vendor: 'Google', needle: 'AIza', expression: /\bAIza([\w-]{35})(?![\w-])/g },
  { vendor: 'Google', needle: 'GOCSPX-', expression: /\bGOCSPX-([\w-]{28})(?![\w-])/g },
  { vendor: 'Slack', needle: 'xox', expression: /\bxox[abeprs]-((?:\d+-){1,3}[A-Za-z0-9]{20,})\b/g },
  {
    vendor: 'Slack',
    needle: 'hooks.slack.com',
    expression: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/([A-Za-z0-9]{24})\b/g,
  },
  { vendor: 'Stripe', needle: 'k_live_', expression: /\b[sr]k_live_([A-Za-z0-9]{24,120})\b/g },
  { vendor: 'npm', needle: 'npm_', expression: /\bnpm_([A-Za-z0-9]{36})\b/g },
  { vendor: 'PyPI', needle: 'pypi-', expression: /\bpypi-AgEIcHlwaS5vcmc([\w-]{50,250})/g },
  { vendor: 'GitLab', needle: 'glpat-', expression: /\bglpat-([\w-]{20})(?![\w-])/g },
  { vendor: 'Hugging Face', needle: 'hf_', expression: /\bhf_([A-Za-z]{34})\b/g },
  { vendor: 'SendGrid', needle: 'SG.', expression: /\bSG\.([\w-]{22}\.[\w-]{43})(?![\w-])/g },
  { vendor: 'DigitalOcean', needle: 'do', expression: /\bdo[opr]_v1_([a-f0-9]{64})\b/g },
  { vendor: 'Azure', needle: 'AccountKey=', expression: /\bAccountKey=([A-Za-z0-9+/]{86}==)/g },
  {
    vendor: 'Private key',
    needle: 'PRIVATE KEY-----',
    expression: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+((?:[A-Za-z0-9+/=]{40,}\s+){2,})/g,
  },
];

/** Words and patterns of keys that were made up for an example. */
const madeUp = /example|sample|dummy|fake|test|placeholder|your|secret|redacted|x{4,}|0{5,}|1234|abcd|(.)\1{4,}/i;

/** Bits per character; keys of 16 or more characters from a large alphabet have 3.4 and up. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** The least entropy of a random string of this length from this alphabet, with room for bad luck. */
function leastEntropy(text: string): number {
  if (text.length < 20) return 2.7;
  return /^[a-f0-9]+$/.test(text) ? 3 : 3.5;
}

/** Where the text holds what looks like a live credential. */
export function findSecrets(text: string): readonly SecretFinding[] {
  const found: SecretFinding[] = [];
  for (const { vendor, needle, expression } of patterns) {
    if (!text.includes(needle)) continue;
    for (const match of text.matchAll(expression)) {
      const random = match[1]!;
      if (madeUp.test(random) || entropy(random) < leastEntropy(random)) continue;
      found.push({ vendor, start: match.index, end: match.index + match[0].trimEnd().length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

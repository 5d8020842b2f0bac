// The vendors' own counting services: what to ask and how to read the answer. Speaks to no network itself; the caller
// sends it, only on the user's explicit word, because the text leaves the machine.
// Sources: platform.claude.com "Token counting", developers.openai.com "Counting tokens", ai.google.dev "countTokens".

export type Vendor = 'anthropic' | 'openai' | 'google';

export interface VendorRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface VendorFacts {
  readonly label: string;
  readonly baseUrl: string;
  /** The variable by which this vendor's own tools are pointed at a gateway. */
  readonly baseUrlVariable: string;
  /** Tokens of role and framing that the service adds to a lone user message, where it has been measured. */
  readonly framingTokens?: number;
}

export const vendors: Readonly<Record<Vendor, VendorFacts>> = {
  anthropic: {
    label: 'Anthropic',
    baseUrl: 'https://api.anthropic.com',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    framingTokens: 7,
  },
  openai: {
    label: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariable: 'OPENAI_BASE_URL',
  },
  google: {
    label: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com',
    baseUrlVariable: 'GOOGLE_GEMINI_BASE_URL',
  },
};

/** Who can count for a model; undefined where no vendor's service does. */
export function vendorOf(model: string): Vendor | undefined {
  const id = model.toLowerCase();
  if (id.includes('claude')) return 'anthropic';
  if (id.includes('gemini')) return 'google';
  return /(^|[/.])(gpt-|o\d|codex)/.test(id) ? 'openai' : undefined;
}

/**
 * The model by the name that its vendor's own service knows: without a router's prefix, a cloud's region and version,
 * and a client's mark for a longer window. `us.anthropic.claude-opus-4-7-v1:0` -> `claude-opus-4-7`.
 */
export function vendorModel(vendor: Vendor, model: string): string {
  const id = model
    .trim()
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^([a-z-]+\.)+(?=[a-z])/, '')
    .replace(/\[[^\]]*\]$/, '');
  return vendor === 'anthropic' ? id.replace(/(-v\d+)?(:\d+)?$/, '').replaceAll('.', '-') : id;
}

/** The request that counts `text` as one user message. `baseUrl` without a closing slash is the vendor's own or a gateway's. */
export function countRequest(vendor: Vendor, model: string, text: string, key: string, baseUrl: string): VendorRequest {
  const base = baseUrl.replace(/\/+$/, '');
  const json = { 'content-type': 'application/json' };
  switch (vendor) {
    case 'anthropic':
      return {
        url: `${base}/v1/messages/count_tokens`,
        headers: { ...json, 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: text }] }),
      };
    case 'openai':
      return {
        url: `${base}/responses/input_tokens`,
        headers: { ...json, authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, input: text }),
      };
    case 'google':
      return {
        url: `${base}/v1beta/models/${encodeURIComponent(model)}:countTokens`,
        headers: { ...json, 'x-goog-api-key': key },
        body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }] }),
      };
  }
}

/** Tokens in a service's answer; undefined where it holds none. */
export function readCount(vendor: Vendor, answer: unknown): number | undefined {
  const field = vendor === 'google' ? 'totalTokens' : 'input_tokens';
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

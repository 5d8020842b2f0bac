// One question to a vendor's counting service over the network, and in plain terms what came of it. Called only on the
// person's explicit word, because the text leaves the machine; keeps nothing of text or key.
import { countRequest, readCount, type Vendor } from './vendorCount.js';

export interface VendorQuestion {
  readonly vendor: Vendor;
  readonly model: string;
  readonly text: string;
  readonly key: string;
  /** The vendor's own address or a gateway's. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Gives the question up. */
  readonly signal?: AbortSignal;
}

export type VendorAnswer =
  | { readonly kind: 'counted'; readonly tokens: number }
  /** The key is not accepted. */
  | { readonly kind: 'refused' }
  /** The service answered with this status; `reason`: its own words, where it has any. */
  | { readonly kind: 'failed'; readonly status: number; readonly reason: string }
  /** Something answered, but not with a count. */
  | { readonly kind: 'noCount' }
  | { readonly kind: 'tooLate' }
  | { readonly kind: 'givenUp' }
  /** No connection; `reason`: the system's own word for it. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Never rejects. Redirects are not followed: they could take key and text elsewhere. */
export async function askVendor(
  { vendor, model, text, key, baseUrl, timeoutMs, signal }: VendorQuestion,
  fetch: typeof globalThis.fetch,
): Promise<VendorAnswer> {
  const { url, headers, body } = countRequest(vendor, model, text, key, baseUrl);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    if (response.status === 401 || response.status === 403) return { kind: 'refused' };
    const answer = parsed(await response.text());
    if (!response.ok) return { kind: 'failed', status: response.status, reason: reasonIn(answer) };
    const tokens = readCount(vendor, answer);
    return tokens === undefined ? { kind: 'noCount' } : { kind: 'counted', tokens };
  } catch (error) {
    if (signal?.aborted) return { kind: 'givenUp' };
    if (limit.aborted) return { kind: 'tooLate' };
    return { kind: 'unreachable', reason: systemWord(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All three vendors answer { error: { message } }. */
function reasonIn(answer: unknown): string {
  const error = fieldOf(answer, 'error');
  const message = fieldOf(error, 'message');
  return typeof message === 'string' ? message.replace(/\s+/g, ' ').slice(0, 200) : '';
}

/** The code that stands deepest in an error: `fetch failed` says nothing, `ECONNREFUSED` does. */
function systemWord(error: unknown): string {
  let word = error instanceof Error ? error.message : String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = fieldOf(cause, 'code');
    word = typeof code === 'string' ? code : cause.message || word;
  }
  return word;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

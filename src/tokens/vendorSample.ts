// A vendor's own count of a text as a sample of known size, as good as a message from the logs. Numbers only: the text
// has been measured and let go.
import { LEAST_TOKENS, type Sample } from './calibrationSamples.js';
import { type Counts } from './documentCounter.js';
import { estimate } from './estimate.js';
import { vendorOf, vendors } from './vendorCount.js';

/** `countedTokens`: the service's answer, framing included. Undefined for texts and models that teach nothing. */
export function vendorSample(model: string, countedTokens: number, counts: Counts, atMs: number): Sample | undefined {
  if (vendorOf(model) !== 'anthropic' || counts.tokens < LEAST_TOKENS) return undefined;
  if (!estimate(counts, model).isByFeatures) return undefined;
  return {
    source: 'vendor',
    model,
    project: 'counted by the vendor',
    sessionId: 'counted by the vendor',
    atMs,
    loggedTokens: countedTokens - (vendors.anthropic.framingTokens ?? 0),
    tokens: counts.tokens,
    features: counts.features,
    results: 0,
    toolUses: 0,
    parameters: 0,
    kind: 'mixed',
  };
}

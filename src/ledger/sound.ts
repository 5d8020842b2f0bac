// No figure reaches the store that is negative, absurd or none at all.
import { type LogEvent } from '../agents/agent';

const mostTokens = 1e11;

export function isSound(event: LogEvent): boolean {
  if (event.kind === 'call')
    return (
      isCount(event.inputTokens) &&
      isCount(event.cacheReadTokens) &&
      isCount(event.cacheWrite5mTokens) &&
      isCount(event.cacheWrite1hTokens) &&
      isCount(event.outputTokens) &&
      isCount(event.reasoningTokens) &&
      isCount(event.webSearches ?? 0) &&
      isCount(event.unrecordedOutputTokens ?? 0) &&
      Number.isSafeInteger(event.atMs) &&
      event.atMs >= 0
    );
  return Object.values(event).every((value) => typeof value !== 'number' || (value >= 0 && value < 1e15));
}

function isCount(tokens: number): boolean {
  return Number.isInteger(tokens) && tokens >= 0 && tokens < mostTokens;
}

// Figures about a prompt in words: tokens of the vocabulary become tokens of the person's model, with their grade, and
// dollars by its rates. Rounds nowhere but through format.ts.
import * as vscode from 'vscode';
import { formatCompact, formatCount, formatUsdEstimate } from '../format';
import { type FullRates, fillRates } from '../pricing/cost';
import { type Rates } from '../pricing/priceList';
import { type Habit } from '../prompts/turnCost';
import { type Estimate } from '../tokens/estimate';

/** What is known of a model; a structural part of the ledger's answer. */
export interface PromptModelFacts {
  readonly contextWindow?: number;
  readonly inputPerMillionUsd?: number;
  /** US dollars per million tokens. */
  readonly rates?: Rates;
}

/** How a person works with the agents that load a file, from their own logs. */
export interface Habits extends Habit {
  /** Tokens of a session's first call here, before anything was said: system prompt, tools, memory. */
  readonly firstCallOverheadTokens: number;
  /** What the live session holds; 0 for none. */
  readonly liveContextTokens: number;
}

export class PromptFigures {
  constructor(
    /** Of the whole text, for the model. */
    readonly estimate: Estimate,
    /** The same by the vocabulary it was counted with. */
    readonly counted: number,
    readonly facts: PromptModelFacts,
  ) {}

  /** Tokens of the model for tokens counted. The whole text's ratio holds for its parts. */
  tokens(counted: number): number {
    return this.counted === 0 ? counted : Math.round((counted * this.estimate.tokens) / this.counted);
  }

  /** A part's tokens: `1,234`, `≈ 1.23k`. `short` leaves no room for all digits. */
  words(counted: number, short = false): string {
    const tokens = this.tokens(counted);
    if (this.estimate.kind === 'estimate') return tokens === 0 ? '0' : `≈ ${formatCompact(tokens, this.locale)}`;
    return short ? formatCompact(tokens, this.locale) : formatCount(tokens, this.locale);
  }

  /** A change, with its sign: `+340`, `−4.2k`. */
  change(counted: number): string {
    const sign = counted < 0 ? '−' : '+';
    const words = this.words(Math.abs(counted));
    return words.startsWith('≈ ') ? `≈ ${sign}${words.slice(2)}` : sign + words;
  }

  get rates(): FullRates | undefined {
    return this.facts.rates ? fillRates(this.facts.rates) : undefined;
  }

  /** Dollars for sending counted tokens once, uncached; undefined where the model has no price. */
  usd(counted: number): number | undefined {
    const rate = this.facts.rates?.input ?? this.facts.inputPerMillionUsd;
    return rate === undefined ? undefined : (this.tokens(counted) * rate) / 1e6;
  }

  usdWords(counted: number): string | undefined {
    const usd = this.usd(counted);
    return usd === undefined ? undefined : formatUsdEstimate(usd, this.locale).replace('≈ ', this.isExact ? '' : '≈ ');
  }

  get isExact(): boolean {
    return this.estimate.kind !== 'estimate';
  }

  get locale(): string {
    return vscode.env.language;
  }
}

// The Claude estimate as the person's own logs bear it out: checked at most once a day, long after start-up, and only
// numbers are remembered. Corrects nothing that their later messages do not confirm.
import * as vscode from 'vscode';
import { formatCount, formatShare } from '../format';
import { type CheckedEstimate, type EstimateCheck } from '../ledger/estimateCheck';
import { startEstimateCheck } from '../ledger/estimateCheckClient';
import { homeOf } from '../ledger/machine';
import { corrected } from '../tokens/calibration';
import { type Sample } from '../tokens/calibrationSamples';
import { type Counts } from '../tokens/documentCounter';
import { type Estimate } from '../tokens/estimate';
import { vendorSample } from '../tokens/vendorSample';
import { type EstimateCorrections } from './estimateCorrections';
import { type Guard } from './guard';
import { locale } from './locale';

const memoryKey = 'estimateCheck';
const samplesKey = 'vendorSamples';
const mostSamples = 200;
const dayMs = 24 * 60 * 60 * 1000;
const firstLookMs = 2 * 60 * 1000;
/** Fewer say nothing. */
const leastSamples = 20;

interface Remembered {
  readonly atMs: number;
  readonly check: EstimateCheck;
}

export interface OwnEstimatesDeps {
  readonly workerPath: string;
  readonly vocabularyFile: string;
  readonly memory: vscode.Memento;
  readonly guard: Guard;
  readonly log: vscode.LogOutputChannel;
}

export class OwnEstimates implements EstimateCorrections, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly deps: OwnEstimatesDeps) {
    const look = () => deps.guard('check the estimates', () => this.look());
    const first = setTimeout(look, firstLookMs);
    const hourly = setInterval(look, dayMs / 24);
    this.subscription = vscode.Disposable.from(
      this.changed,
      { dispose: () => clearTimeout(first) },
      { dispose: () => clearInterval(hourly) },
    );
  }

  /** The estimate as the person's own texts have it; all others as they are. */
  refine(shipped: Estimate): Estimate {
    const own = this.checkOf(shipped);
    return own ? corrected(shipped, own.correction) : shipped;
  }

  /** "Checked on 412 of your own messages: median error 3 %", where there are enough of them. */
  words(shown: Estimate): string | undefined {
    const own = this.checkOf(shown);
    if (!own) return undefined;
    const error = formatShare(own.medianError, locale());
    return vscode.l10n.t(
      'Checked on {0} of your own messages: median error {1}.',
      formatCount(own.samples, locale()),
      error,
    );
  }

  /** The vendor's own count of a text of the person's: as good as a message of known size. Numbers only are kept. */
  async learnFrom(model: string, tokens: number, counts: Counts): Promise<void> {
    const sample = vendorSample(model, tokens, counts, Date.now());
    if (!sample) return;
    const { memory } = this.deps;
    await memory.update(samplesKey, [...memory.get<Sample[]>(samplesKey, []), sample].slice(-mostSamples));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private checkOf({ isByFeatures, family }: Estimate): CheckedEstimate | undefined {
    if (!isByFeatures || (family !== 'claude-new' && family !== 'claude-old')) return undefined;
    const own = this.deps.memory.get<Remembered>(memoryKey)?.check.checked[family];
    return own && own.samples >= leastSamples ? own : undefined;
  }

  private async look(): Promise<void> {
    const { memory, workerPath, vocabularyFile, log } = this.deps;
    if (Date.now() - (memory.get<Remembered>(memoryKey)?.atMs ?? 0) < dayMs) return;
    const check = await startEstimateCheck(workerPath, {
      home: homeOf(process.env),
      variables: { ...process.env },
      vocabularyFile,
      more: memory.get<Sample[]>(samplesKey, []),
    });
    for (const { day, model, samples, countedBy, ratio } of check.mismatches)
      log.info(
        `${day}: ${samples} texts of ${model} were counted by ${countedBy ?? 'neither known tokenizer'} (${ratio.toFixed(2)} times the estimate)`,
      );
    await memory.update(memoryKey, { atMs: Date.now(), check } satisfies Remembered);
    this.changed.fire();
  }
}
